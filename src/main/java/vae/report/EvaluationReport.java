package vae.report;

import static vae.evaluate.Evaluation.mean;
import static vae.evaluate.Evaluation.standardError;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Formatter;
import java.util.LinkedHashMap;
import java.util.Map;
import vae.evaluate.Evaluation;

/**
 * How well a model explains images.
 *
 * @param model its folder
 * @param found all measures
 */
public record EvaluationReport(Path model, Evaluation found) {
  /**
   * For people.
   *
   * @param source where the images are from
   */
  public String text(String source) {
    double[] elbo = found.elbo().perImage();
    var text = new Formatter();
    text.format("model              %s%n", model);
    text.format("images             %,d of %s%n", elbo.length, source);
    text.format("-ELBO              %.2f +- %.2f nats", mean(elbo), standardError(elbo));
    text.format(", mean of %d draws%n", found.draws());
    text.format("  reconstruction   %.2f%n", mean(found.elbo().reconstruction()));
    text.format("  KL               %.2f%n", mean(found.elbo().kl()));
    if (found.iwae().isPresent()) {
      text.format("-log p(x), at most %.2f, importance-weighted", mean(found.iwae().get()));
      text.format(", %,d samples%n", found.samples());
    }
    if (found.exact().isPresent()) {
      text.format("-log p(x)          %.2f, by quadrature%n", mean(found.exact().get()));
    }
    text.format("active units       %d of %d%n", found.activeUnits(), found.active().length);
    if (found.ofDensities()) {
      text.format(
          "Trained on squared errors: these are densities of normal pixels with variance lambda/2,%n"
              + "which are not to be compared with cross-entropies.%n");
    } else {
      text.format(
          "for comparison     %.1f the pixels' own entropy, which none is below,%n"
              + "                   %.1f independent pixels%n",
          found.brackets().entropy(), found.brackets().independent());
    }
    return text.toString();
  }

  /** For programs. */
  public String json() throws IOException {
    double[] elbo = found.elbo().perImage();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("model", model.toString());
    json.put("images", elbo.length);
    json.put("draws", found.draws());
    json.put("negative_elbo", mean(elbo));
    json.put("standard_error", standardError(elbo));
    json.put("reconstruction", mean(found.elbo().reconstruction()));
    json.put("kl", mean(found.elbo().kl()));
    if (found.iwae().isPresent()) {
      json.put("samples", found.samples());
      json.put("iwae_nll", mean(found.iwae().get()));
    }
    found.exact().ifPresent(nll -> json.put("quadrature_nll", mean(nll)));
    json.put("active_units", found.activeUnits());
    json.put("pixel_entropy", found.brackets().entropy());
    json.put("independent_pixels", found.brackets().independent());
    return Json.line(json);
  }
}

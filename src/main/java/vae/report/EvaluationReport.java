package vae.report;

import static vae.evaluate.Evaluation.mean;
import static vae.evaluate.Evaluation.standardError;

import java.io.IOException;
import java.nio.file.Path;
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
  private static final String OF_DENSITIES =
      "Trained on squared errors: these are densities of normal pixels with variance lambda/2,%n"
          + "which are not to be compared with cross-entropies.%n";

  /**
   * For people.
   *
   * @param source where the images are from
   */
  public String text(String source) {
    double[] elbo = found.elbo().perImage();
    var text = new StringBuilder();
    line(text, "model", model.toString());
    line(text, "images", "%,d of %s".formatted(elbo.length, source));
    line(
        text,
        "-ELBO",
        "%.2f +- %.2f nats, mean of %d draws"
            .formatted(mean(elbo), standardError(elbo), found.draws()));
    line(text, "  reconstruction", "%.2f".formatted(mean(found.elbo().reconstruction())));
    line(text, "  KL", "%.2f".formatted(mean(found.elbo().kl())));
    if (found.iwae().isPresent()) {
      line(
          text,
          "-log p(x), at most",
          "%.2f, importance-weighted, %,d samples"
              .formatted(mean(found.iwae().get()), found.samples()));
    }
    if (found.exact().isPresent()) {
      line(text, "-log p(x)", "%.2f, by quadrature".formatted(mean(found.exact().get())));
    }
    line(text, "active units", "%d of %d".formatted(found.activeUnits(), found.active().length));
    if (found.ofDensities()) {
      return text + OF_DENSITIES.formatted();
    }
    line(
        text,
        "for comparison",
        "%.1f the pixels' own entropy, which none is below,".formatted(found.brackets().entropy()));
    line(text, "", "%.1f independent pixels".formatted(found.brackets().independent()));
    return text.toString();
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append("%-19s%s%n".formatted(name, value));
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

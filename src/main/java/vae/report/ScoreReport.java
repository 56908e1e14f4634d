package vae.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Formatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import vae.config.ClassNames;
import vae.evaluate.Elbo;
import vae.functions.Posterior;
import vae.latent.Atlas.Place;

/**
 * How much pictures are like what a model knows.
 *
 * @param elbo of the pictures
 * @param codes of the pictures
 * @param test −ELBO of the test images; nothing if they are not at hand, or of another kind
 * @param classes of the model; nothing if it tells none
 * @param places where the codes lie; none if there are no classes
 */
public record ScoreReport(
    Elbo elbo,
    Posterior codes,
    Optional<double[]> test,
    Optional<ClassNames> classes,
    List<Place> places) {

  /** Of a picture, for people. */
  public String text(Path file, int image) {
    var text = new Formatter();
    text.format("%s%n  -ELBO %.1f nats:", file, elbo.of(image));
    text.format(" reconstruction %.1f, KL %.1f%n", elbo.reconstruction()[image], elbo.kl()[image]);
    if (test.isPresent()) {
      double better = elbo.percentile(image, test.get());
      text.format("  better than %.1f %% of the test images%n", better);
    }
    text.format("  z = %s%n", PlaceReport.point(codes.zMean()[image]));
    if (classes.isPresent()) {
      Place place = places.get(image);
      text.format("  comes out as:%s%n", likely(classes.get(), place.byImage()));
      text.format("  codes there:%s%n", likely(classes.get(), place.byCodes()));
    }
    return text.toString();
  }

  private static String likely(ClassNames classes, double[] p) {
    return IntStream.range(0, classes.size())
        .filter(label -> p[label] >= 0.05)
        .mapToObj(label -> " %s (%.2f)".formatted(classes.of(label), p[label]))
        .collect(Collectors.joining());
  }

  /** Of a picture, for programs. */
  public String json(Path file, int image) throws IOException {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("file", file.toString());
    json.put("negative_elbo", elbo.of(image));
    json.put("reconstruction", elbo.reconstruction()[image]);
    json.put("kl", elbo.kl()[image]);
    test.ifPresent(others -> json.put("percentile", elbo.percentile(image, others)));
    json.put("z", codes.zMean()[image]);
    if (classes.isPresent()) {
      json.put("p_image", places.get(image).byImage());
      json.put("p_codes", places.get(image).byCodes());
    }
    return Json.line(json);
  }
}

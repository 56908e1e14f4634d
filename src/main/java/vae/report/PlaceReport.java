package vae.report;

import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Formatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.IntStream;
import vae.config.ClassNames;
import vae.latent.Atlas;
import vae.latent.Atlas.Place;
import vae.latent.Prior;

/**
 * What a z gives.
 *
 * @param place what is known of it
 * @param nearest the numbers of the training images whose codes are the nearest
 */
@SuppressWarnings("ArrayRecordComponent") // Only read; never compared.
public record PlaceReport(Atlas atlas, Place place, int[] nearest) {
  private static final int BAR = 40;

  /** A z as {@code --z} takes it, to four places. */
  public static String point(float[] z) {
    var text = new StringJoiner(",");
    for (float value : z) {
      text.add("%.4f".formatted(value));
    }
    return text.toString();
  }

  /**
   * For people.
   *
   * @param z as it was typed
   */
  public String text(String z) {
    ClassNames classes = atlas.classes();
    double[] byImage = place.byImage();
    double[] byCodes = place.byCodes();
    String beyond = share(Prior.shareBeyond(place.z()));
    int width = classes.names().stream().mapToInt(String::length).max().orElse(0);
    String name = "  %-" + width + "s  ";
    var text = new Formatter();
    text.format(
        "z = %s: %s, p(image) = %.3f%n", z, classes.of(place.label()), byImage[place.label()]);
    text.format("  |z| = %.2f; %s of the prior lies farther out%n", Prior.norm(place.z()), beyond);
    text.format(name + "image  codes%n", "");
    IntStream.range(0, classes.size())
        .boxed()
        .filter(label -> Math.max(byImage[label], byCodes[label]) >= 0.005)
        .sorted(Comparator.comparingDouble(label -> -byImage[label] - byCodes[label]))
        .forEach(
            label ->
                text.format(
                    name + "%.3f  %.3f  %s%n",
                    classes.of(label),
                    byImage[label],
                    byCodes[label],
                    "#".repeat((int) Math.round(BAR * byImage[label]))));
    text.format("  nearest training images:");
    for (int image : nearest) {
      text.format(" %s (image %,d)", classes.of(label(image)), image);
    }
    text.format("%n");
    if (!place.agrees()) {
      text.format(
          "  note: it decodes to %s where codes of %s lie%n",
          classes.of(place.label()), classes.of(place.neighbour()));
    }
    if (Prior.isOff(place.z())) {
      text.format(
          "  warning: off the prior: only %s of it lies as far out; what is decoded here was hardly"
              + " trained%n",
          beyond);
    } else if (!place.hasCodes()) {
      text.format(
          "  warning: no images live here: their density is below a twentieth of the prior's%n");
    }
    return text.toString();
  }

  /** For programs. */
  public String json() throws IOException {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("z", place.z());
    json.put("label", place.label());
    json.put("class", atlas.classes().of(place.label()));
    json.put("p_image", place.byImage());
    json.put("p_codes", place.byCodes());
    json.put("norm", Prior.norm(place.z()));
    json.put("prior_beyond", Prior.shareBeyond(place.z()));
    json.put("q_over_prior", place.densityRatio());
    json.put("nearest", Arrays.stream(nearest).mapToObj(this::json).toList());
    return Json.line(json);
  }

  private Map<String, Object> json(int image) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("image", image);
    json.put("label", label(image));
    return json;
  }

  private int label(int image) {
    return atlas.codes().labels()[image];
  }

  private static String share(double share) {
    return share >= 0.001 ? "%.1f %%".formatted(100 * share) : "%.1e".formatted(share);
  }
}

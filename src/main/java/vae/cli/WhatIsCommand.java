package vae.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import vae.config.ClassNames;
import vae.latent.Atlas;
import vae.latent.Atlas.Place;
import vae.latent.DecodedImages;
import vae.latent.Prior;
import vae.mnist.DataException;
import vae.mnist.Images;
import vae.picture.Tiling;
import vae.storage.LoadedModel;
import vae.tensor.Values;

/** {@code what-is}: what a z gives. */
@Command(
    name = "what-is",
    description =
        "Tell what a z gives: the class of its image, whose codes lie there, its distance"
            + " from the origin, and the nearest training images.")
final class WhatIsCommand implements Callable<Integer> {
  private static final int NEAREST = 8;
  private static final int BAR = 40;
  private static final int SCALE = 6;

  @Mixin private ModelOptions common;
  @Mixin private MnistOption mnist;

  @Option(
      names = "--z",
      paramLabel = "A,B",
      required = true,
      converter = LatentPoint.Converter.class,
      description = "A point of the latent space, one number per dimension. May be repeated.")
  private List<LatentPoint> points;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description =
          "Also write a picture: a row per z with its image and the nearest training" + " images.")
  private Optional<Path> out;

  @Option(names = "--json", description = "Print one line of JSON per z.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    try (LoadedModel model = common.model()) {
      Atlas atlas = LoadedAtlas.of(model);
      float[][] z = LatentPoint.values(points, model.vae().latentSize(), common.spec());
      Optional<Images> images = trainingImages(atlas);
      float[][] decoded = DecodedImages.of(model.vae()).of(z);
      List<Place> places = atlas.at(z, decoded);
      List<float[]> shown = new ArrayList<>();
      for (int i = 0; i < z.length; i++) {
        Place place = places.get(i);
        int[] nearest = images.isPresent() ? atlas.nearest(z[i], NEAREST) : new int[0];
        if (json) {
          printJson(atlas.classes(), place, nearest, images);
        } else {
          print(atlas.classes(), points.get(i), place, nearest, images);
        }
        shown.add(decoded[i]);
        for (int image : nearest) {
          float[] pixels = new float[images.orElseThrow().pixelsPerImage()];
          images.get().copyPixels(image, pixels, 0);
          shown.add(pixels);
        }
      }
      if (out.isPresent()) {
        int columns = shown.size() / z.length;
        Values rows = Values.of(shown.toArray(float[][]::new)).withRows(model.vae().imageShape());
        Path file =
            PictureFile.write(out.get(), rows, all -> Tiling.of(all, SCALE, columns, SCALE));
        System.err.printf("%s: each z's image, and its nearest training images%n", file);
      }
      return ExitCode.OK;
    }
  }

  /** The images that the codes are of, where they are at hand. */
  private Optional<Images> trainingImages(Atlas atlas) {
    try {
      Images images = mnist.files().train();
      boolean areTheModels = images.sha256().equals(atlas.codes().imagesSha256());
      return areTheModels && images.labels().classes().isPresent()
          ? Optional.of(images)
          : Optional.empty();
    } catch (DataException e) {
      return Optional.empty(); // All else can be told without them.
    }
  }

  private static void print(
      ClassNames classes, LatentPoint point, Place place, int[] nearest, Optional<Images> images) {
    double beyond = Prior.shareBeyond(place.z());
    System.out.printf(
        Locale.ROOT,
        "z = %s: %s, p(image) = %.3f%n  |z| = %.2f; %s of the prior lies farther out%n",
        point.text(),
        classes.of(place.label()),
        place.byImage()[place.label()],
        Prior.norm(place.z()),
        share(beyond));
    int width = classes.names().stream().mapToInt(String::length).max().orElse(0);
    System.out.printf("  %-" + width + "s  image  codes%n", "");
    IntStream.range(0, classes.size())
        .boxed()
        .filter(label -> Math.max(place.byImage()[label], place.byCodes()[label]) >= 0.005)
        .sorted(
            Comparator.comparingDouble(
                (Integer label) -> -place.byImage()[label] - place.byCodes()[label]))
        .forEach(
            label ->
                System.out.printf(
                    Locale.ROOT,
                    "  %-" + width + "s  %.3f  %.3f  %s%n",
                    classes.of(label),
                    place.byImage()[label],
                    place.byCodes()[label],
                    "#".repeat((int) Math.round(BAR * place.byImage()[label]))));
    if (images.isPresent()) {
      var text = new StringBuilder();
      for (int image : nearest) {
        text.append(
            " %s (image %,d)".formatted(classes.of(images.get().labels().of(image)), image));
      }
      System.out.println("  nearest training images:" + text);
    }
    if (!place.agrees()) {
      System.out.printf(
          "  note: it decodes to %s where codes of %s lie%n",
          classes.of(place.label()), classes.of(place.neighbour()));
    }
    if (Prior.isOff(place.z())) {
      System.out.printf(
          Locale.ROOT,
          "  warning: off the prior: only %s of it lies as far out; what is decoded here was hardly"
              + " trained%n",
          share(beyond));
    } else if (!place.hasCodes()) {
      System.out.println(
          "  warning: no images live here: their density is below a twentieth of the prior's");
    }
  }

  private static void printJson(
      ClassNames classes, Place place, int[] nearest, Optional<Images> images) throws IOException {
    JsonLine.print(
        json -> {
          Numbers.writeArray(json, "z", place.z());
          json.writeNumberField("label", place.label());
          json.writeStringField("class", classes.of(place.label()));
          Numbers.writeArray(json, "p_image", place.byImage());
          Numbers.writeArray(json, "p_codes", place.byCodes());
          json.writeNumberField("norm", Prior.norm(place.z()));
          json.writeNumberField("prior_beyond", Prior.shareBeyond(place.z()));
          json.writeNumberField("q_over_prior", place.densityRatio());
          json.writeArrayFieldStart("nearest");
          for (int image : nearest) {
            json.writeStartObject();
            json.writeNumberField("image", image);
            json.writeNumberField("label", images.orElseThrow().labels().of(image));
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  private static String share(double share) {
    return share >= 0.001
        ? String.format(Locale.ROOT, "%.1f %%", 100 * share)
        : String.format(Locale.ROOT, "%.1e", share);
  }
}

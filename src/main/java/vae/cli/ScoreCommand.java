package vae.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import vae.config.ClassNames;
import vae.config.Seed;
import vae.evaluate.Elbo;
import vae.functions.Posterior;
import vae.latent.Atlas;
import vae.mnist.DataException;
import vae.mnist.Images;
import vae.picture.Tiling;
import vae.storage.LoadedModel;
import vae.tensor.Values;

/** {@code score}: how much a picture is like what the model knows. */
@Command(
    name = "score",
    description =
        "Score your own pictures of digits: the digit is found, fitted and centred as"
            + " MNIST's are. Print its ELBO, the share of test images with a worse one, its"
            + " code, what the code decodes to, and whose codes lie there. A model of other"
            + " images takes files of its own size.")
final class ScoreCommand implements Callable<Integer> {
  private static final int DRAWS = 50;
  private static final int TEST_DRAWS = 2;
  private static final Seed SEED = new Seed(1);
  private static final int SCALE = 6;

  @Mixin private ModelOptions common;
  @Mixin private MnistOption mnist;

  @Parameters(
      paramLabel = "IMAGE",
      arity = "1..*",
      description = "PNG or JPEG files, such as a phone's photos.")
  private List<Path> files = List.of();

  @Option(
      names = "--out",
      paramLabel = "FILE",
      defaultValue = "scored.png",
      description =
          "The picture to write: what the model saw of each file, and its reconstruction"
              + " (default: ${DEFAULT-VALUE}).")
  private Path out;

  @Option(names = "--json", description = "Print one line of JSON per file.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    try (LoadedModel model = common.model()) {
      Images pictures = ModelInputs.pictures(model, files);
      float[][] images = pictures.rows(pictures.count());
      Posterior codes = model.vae().encode(Values.of(images));
      Elbo elbo = Elbo.of(model, images, DRAWS, SEED, (done, of) -> {});
      Optional<double[]> test = testElbos(model);
      Optional<Atlas> atlas = Atlas.of(model);
      List<Atlas.Place> places = atlas.isPresent() ? atlas.get().at(codes.zMean()) : List.of();
      for (int i = 0; i < images.length; i++) {
        double nats = elbo.of(i);
        Optional<Double> worse =
            test.map(
                all -> 100.0 * Arrays.stream(all).filter(each -> each > nats).count() / all.length);
        float[] z = codes.zMean()[i];
        Optional<Atlas.Place> place =
            places.isEmpty() ? Optional.empty() : Optional.of(places.get(i));
        if (json) {
          printJson(files.get(i), elbo, i, worse, z, place);
        } else {
          print(files.get(i), elbo, i, worse, z, atlas, place);
        }
      }
      Values decoded = model.vae().generate(Values.of(codes.zMean()));
      Values pairs = ModelInputs.beside(model, pictures, decoded, 1);
      Path file = PictureFile.write(out, pairs, all -> Tiling.of(all, SCALE, 2, SCALE));
      System.err.printf("%s: what the model saw, and its reconstruction%n", file);
      return ExitCode.OK;
    }
  }

  /** The test images' −ELBO, where they are at hand. */
  private Optional<double[]> testElbos(LoadedModel model) throws IOException {
    float[][] test;
    try {
      Images images = mnist.files().test();
      if (!images.shape().fits(model.vae().inputShape())) {
        System.err.println("note: no percentile, since the model takes other images than MNIST's");
        return Optional.empty();
      }
      test = images.rows(images.count());
    } catch (DataException e) {
      System.err.println(
          "note: no percentile, since the test images are missing: " + e.getMessage());
      return Optional.empty();
    }
    try (var progress = new CountLine("test image")) {
      return Optional.of(Elbo.of(model, test, TEST_DRAWS, SEED, progress::show).perImage());
    }
  }

  private static void print(
      Path file,
      Elbo elbo,
      int i,
      Optional<Double> worse,
      float[] z,
      Optional<Atlas> atlas,
      Optional<Atlas.Place> place) {
    System.out.printf(
        Locale.ROOT,
        "%s%n  -ELBO %.1f nats: reconstruction %.1f, KL %.1f%n",
        file,
        elbo.of(i),
        elbo.reconstruction()[i],
        elbo.kl()[i]);
    worse.ifPresent(
        share ->
            System.out.printf(Locale.ROOT, "  better than %.1f %% of the test images%n", share));
    System.out.printf("  z = %s%n", Numbers.point(z));
    if (atlas.isPresent()) {
      ClassNames classes = atlas.get().classes();
      System.out.println("  comes out as:" + likely(classes, place.orElseThrow().byImage()));
      System.out.println("  codes there:" + likely(classes, place.orElseThrow().byCodes()));
    }
  }

  private static String likely(ClassNames classes, double[] p) {
    var text = new StringBuilder();
    for (int label = 0; label < classes.size(); label++) {
      if (p[label] >= 0.05) {
        text.append(String.format(Locale.ROOT, " %s (%.2f)", classes.of(label), p[label]));
      }
    }
    return text.toString();
  }

  private static void printJson(
      Path file, Elbo elbo, int i, Optional<Double> worse, float[] z, Optional<Atlas.Place> place)
      throws IOException {
    JsonLine.print(
        json -> {
          json.writeStringField("file", file.toString());
          json.writeNumberField("negative_elbo", elbo.of(i));
          json.writeNumberField("reconstruction", elbo.reconstruction()[i]);
          json.writeNumberField("kl", elbo.kl()[i]);
          if (worse.isPresent()) {
            json.writeNumberField("percentile", worse.get());
          }
          Numbers.writeArray(json, "z", z);
          if (place.isPresent()) {
            Numbers.writeArray(json, "p_image", place.get().byImage());
            Numbers.writeArray(json, "p_codes", place.get().byCodes());
          }
        });
  }
}

package vae.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import vae.config.Seed;
import vae.evaluate.Elbo;
import vae.functions.Posterior;
import vae.latent.Atlas;
import vae.latent.Progress;
import vae.mnist.DataException;
import vae.mnist.HandDrawn;
import vae.mnist.Images;
import vae.picture.Tiling;
import vae.report.PictureFile;
import vae.report.ScoreReport;
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
      Images pictures = HandDrawn.images(files, model.vae().inputShape());
      float[][] images = pictures.rows(pictures.count());
      Posterior codes = model.vae().encode(Values.of(images));
      Optional<Atlas> atlas = Atlas.of(model);
      var report =
          new ScoreReport(
              Elbo.of(model, images, DRAWS, SEED, (done, of) -> {}),
              codes,
              testElbos(model),
              atlas.map(Atlas::classes),
              atlas.isPresent() ? atlas.get().at(codes.zMean()) : List.of());
      for (int i = 0; i < images.length; i++) {
        System.out.print(json ? report.json(files.get(i), i) : report.text(files.get(i), i));
      }
      Values decoded = model.vae().generate(Values.of(codes.zMean()));
      Values pairs = PictureFile.beside(model, pictures, decoded, 1);
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
    try (var line = new CountLine()) {
      Progress progress = line.begin("test image");
      return Optional.of(Elbo.of(model, test, TEST_DRAWS, SEED, progress).perImage());
    }
  }
}

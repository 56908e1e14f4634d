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
import vae.functions.Posterior;
import vae.functions.VaeFunctions;
import vae.mnist.HandDrawn;
import vae.mnist.Images;
import vae.picture.Tiling;
import vae.report.PictureFile;
import vae.storage.LoadedModel;
import vae.tensor.Values;

/** {@code reconstruct}: images, and what the model makes of them. */
@Command(
    name = "reconstruct",
    description =
        "Encode images and decode them again: a picture with each image, and below it"
            + " what its code's mean decodes to.")
final class ReconstructCommand implements Callable<Integer> {
  private static final int MOST = 200;
  private static final int COLUMNS = 10;
  private static final int SCALE = 4;

  @Mixin private ModelOptions common;
  @Mixin private GivenInputs inputs;
  @Mixin private ImageSource source;

  @Parameters(
      paramLabel = "IMAGE",
      description =
          "PNG or JPEG files (default: the first images of --split, --images or"
              + " --image-list). For a model of MNIST's digits they are fitted and centred.")
  private List<Path> files = List.of();

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "20",
      description = "How many of them (default: ${DEFAULT-VALUE}).")
  private int count;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      defaultValue = "reconstructed.png",
      description = "The picture to write (default: ${DEFAULT-VALUE}).")
  private Path out;

  @Override
  public Integer call() throws IOException {
    if (count < 1 || count > MOST || files.size() > MOST) {
      throw common.refused("expected between 1 and %d images, found another".formatted(MOST));
    }
    source.check();
    Optional<ImageSource.Reading> reading =
        files.isEmpty() ? Optional.of(source.start()) : Optional.empty();
    try (LoadedModel model = common.model()) {
      Images images =
          reading.isPresent()
              ? first(reading.get().finish(model))
              : HandDrawn.images(files, model.vae().inputShape());
      VaeFunctions vae = inputs.of(model);
      Posterior codes = vae.codes(images.values(0, images.count()));
      Values decoded = vae.generate(Values.of(codes.zMean()));
      int columns = Math.min(COLUMNS, images.count());
      Values rows = PictureFile.beside(model, images, decoded, columns);
      Path file = PictureFile.write(out, rows, all -> Tiling.of(all, SCALE, columns, SCALE));
      System.err.printf(
          "%s: %d images, each above what %s makes of it%n", file, images.count(), model.source());
      return ExitCode.OK;
    }
  }

  private Images first(Images images) {
    return images.part(0, Math.min(count, images.count()));
  }
}

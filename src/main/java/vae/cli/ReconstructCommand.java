package vae.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import vae.mnist.HandDrawn;
import vae.mnist.Images;
import vae.picture.Tiling;
import vae.storage.LoadedModel;
import vae.storage.Posterior;
import vae.tensor.Values;

/** {@code reconstruct}: images, and what the model makes of them. */
@Command(
    name = "reconstruct",
    description =
        "Encode images and decode them again: a picture with the images above, and below each the"
            + " one decoded from the mean of its code.")
final class ReconstructCommand implements Callable<Integer> {
  private static final int MOST = 200;
  private static final int COLUMNS = 10;
  private static final int SCALE = 4;

  @Spec private CommandSpec spec;
  @Mixin private ModelOptions common;
  @Mixin private ImageSource source;

  @Parameters(
      paramLabel = "IMAGE",
      description =
          "PNG or JPEG files, made as MNIST's are; without any, the first images of --split.")
  private List<Path> files = List.of();

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "20",
      description = "How many images of --split, from the first (default: ${DEFAULT-VALUE}).")
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
      throw new ParameterException(
          spec.commandLine(), "expected between 1 and %d images, found another".formatted(MOST));
    }
    source.check();
    float[][] images = images();
    try (LoadedModel model = common.model()) {
      ModelInputs.require(model, images[0].length);
      Posterior codes = model.vae().encode(Values.of(images));
      float[][] decoded = model.vae().generate(Values.of(codes.zMean())).matrix();
      Values rows = Values.of(rows(images, decoded)).withRows(model.vae().imageShape());
      Path file =
          PictureFile.write(out, rows, all -> Tiling.of(all, SCALE, columns(images), SCALE));
      System.err.printf(
          "%s: %d images, each above what %s makes of it%n", file, images.length, model.source());
      return ExitCode.OK;
    }
  }

  private float[][] images() throws IOException {
    if (files.isEmpty()) {
      Images images = source.read();
      return images.rows(Math.min(count, images.count()));
    }
    float[][] images = new float[files.size()][];
    for (int i = 0; i < images.length; i++) {
      images[i] = HandDrawn.read(files.get(i));
    }
    return images;
  }

  private static int columns(float[][] images) {
    return Math.min(COLUMNS, images.length);
  }

  /** A row of images, the row decoded from it, and so on. */
  private static float[][] rows(float[][] images, float[][] decoded) {
    int columns = columns(images);
    List<float[]> rows = new ArrayList<>();
    for (int from = 0; from < images.length; from += columns) {
      for (float[][] part : List.of(images, decoded)) {
        for (int i = from; i < from + columns; i++) {
          rows.add(i < images.length ? part[i] : new float[images[0].length]);
        }
      }
    }
    return rows.toArray(float[][]::new);
  }
}

package vae.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import vae.picture.Png;
import vae.picture.TextPreview;
import vae.picture.Tiling;
import vae.storage.Durable;
import vae.storage.LoadedModel;

/** {@code generate}: from noise to digits, by the decoder alone. */
@Command(name = "generate", description = "Decode noise into pictures with a saved model.")
final class GenerateCommand implements Callable<Integer> {
  private static final float[][] TUTORIALS_POINTS = {{3, 3}, {0, 0}, {0, 5}};
  private static final int MOST_POINTS = 1_000;
  private static final int SCALE = 10;
  private static final int TERMINAL_COLUMNS = 80;

  @Spec private CommandSpec spec;
  @Mixin private ModelOptions common;

  @Option(
      names = "--z",
      paramLabel = "A,B",
      converter = LatentPoint.Converter.class,
      description =
          "A point of the latent space, a number a dimension; may be given several times (default:"
              + " the tutorial's 3,3 0,0 0,5).")
  private List<LatentPoint> points = List.of();

  @Option(
      names = "--out",
      paramLabel = "FILE",
      defaultValue = "generated.png",
      description = "The picture to write (default: ${DEFAULT-VALUE}).")
  private Path out;

  @Option(
      names = "--csv",
      paramLabel = "FILE",
      description = "Also write the values: an image a line, in [0, 1], without a header.")
  private Optional<Path> csv;

  @Override
  public Integer call() throws IOException {
    if (points.size() > MOST_POINTS) {
      throw new ParameterException(
          spec.commandLine(),
          "expected at most %,d points, found %,d".formatted(MOST_POINTS, points.size()));
    }
    if (csv.isPresent() && csv.get().equals(out)) {
      throw new ParameterException(spec.commandLine(), "--out and --csv name the same file");
    }
    try (LoadedModel model = common.model()) {
      float[][] images = model.generate(noise(model.latentSize()));
      Durable.write(out, Png.encode(Tiling.of(images, SCALE)));
      if (csv.isPresent()) {
        Durable.write(csv.get(), Csv.encode(images));
      }
      System.out.print(TextPreview.of(images, TERMINAL_COLUMNS));
      System.err.printf("%s: %d images from %s%n", out, images.length, model.source());
      return ExitCode.OK;
    }
  }

  private float[][] noise(int latent) {
    if (points.isEmpty() && latent == TUTORIALS_POINTS[0].length) {
      return TUTORIALS_POINTS;
    }
    if (points.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(),
          "this model's z has %d values: give --z, a point of as many".formatted(latent));
    }
    for (LatentPoint point : points) {
      if (point.values().length != latent) {
        throw new ParameterException(
            spec.commandLine(),
            "--z %s: expected %d values, as this model's z has, found %d"
                .formatted(point.text(), latent, point.values().length));
      }
    }
    return points.stream().map(LatentPoint::values).toArray(float[][]::new);
  }
}

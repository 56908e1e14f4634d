package vae.cli;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import vae.files.AtomicFile;
import vae.files.ModelException;
import vae.latent.Atlas;
import vae.mnist.Images;
import vae.picture.Gif;
import vae.picture.ImageBatch;
import vae.picture.Tiling;
import vae.storage.LoadedModel;
import vae.tensor.Values;

/** {@code interpolate}: from one digit to another. */
@Command(
    name = "interpolate",
    description =
        "Walk in a straight line from one z to another and decode the images on the way:"
            + " a strip as PNG, and an animated GIF.")
final class InterpolateCommand implements Callable<Integer> {
  private static final int MOST = 200;
  private static final int SCALE = 4;
  private static final int HUNDREDTHS = 8;

  @Spec private CommandSpec spec;
  @Mixin private ModelOptions common;
  @Mixin private GeneratorOption generator;
  @Mixin private GivenInputs inputs;

  @Parameters(
      index = "0",
      paramLabel = "FROM",
      description =
          "A z (3,3), a digit or class (7), or a PNG or JPEG file, which is encoded. For a"
              + " model of MNIST's digits the file is fitted and centred.")
  private String from;

  @Parameters(index = "1", paramLabel = "TO", description = "The same.")
  private String to;

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "12",
      description = "Images in the strip, both ends included (default: ${DEFAULT-VALUE}).")
  private int count;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      defaultValue = "interpolated.png",
      description = "The strip to write (default: ${DEFAULT-VALUE}).")
  private Path out;

  @Option(
      names = "--gif",
      paramLabel = "FILE",
      description = "The animation to write (default: the strip's name with .gif).")
  private Optional<Path> gif;

  @Override
  public Integer call() throws IOException {
    if (count < 2 || count > MOST) {
      throw new ParameterException(
          spec.commandLine(), "--count must be between 2 and %d, found %d".formatted(MOST, count));
    }
    try (LoadedModel model = common.model(generator.key())) {
      float[] a = end(model, from);
      float[] b = end(model, to);
      float[][] z = new float[count][a.length];
      for (int i = 0; i < count; i++) {
        float share = (float) i / (count - 1);
        for (int k = 0; k < a.length; k++) {
          z[i][k] = (1 - share) * a[k] + share * b[k];
        }
      }
      Values images = inputs.of(model).generate(Values.of(z));
      Path file = PictureFile.write(out, images, all -> Tiling.of(all, SCALE, count, SCALE));
      String files = file.toString();
      if (PictureFile.canShow(images)) {
        Path animation = gif.orElseGet(() -> PictureFile.withEnding(out, ".gif"));
        AtomicFile.write(animation, Gif.encode(frames(images), HUNDREDTHS));
        files += ", " + animation;
      }
      System.err.printf(
          "%s: %d images from z = %s to %s%n", files, count, Numbers.point(a), Numbers.point(b));
      return ExitCode.OK;
    }
  }

  /** There and back, without showing the ends twice. */
  private static List<BufferedImage> frames(Values images) {
    ImageBatch all = ImageBatch.of(images);
    List<BufferedImage> frames = new ArrayList<>();
    for (int i = 0; i < 2 * all.count() - 2; i++) {
      ImageBatch image = all.part(i < all.count() ? i : 2 * all.count() - 2 - i);
      frames.add(Tiling.of(image, 2 * SCALE, 1, SCALE));
    }
    return frames;
  }

  private float[] end(LoadedModel model, String text) throws IOException {
    if (text.matches("[0-9]") || isClass(model, text)) {
      Atlas atlas = LoadedAtlas.of(model);
      int label =
          atlas
              .classes()
              .find(text)
              .orElseThrow(
                  () ->
                      new ParameterException(
                          spec.commandLine(),
                          "expected one of %s, found %s"
                              .formatted(String.join(", ", atlas.classes().names()), text)));
      return atlas.best(label).z();
    }
    Images image;
    try {
      if (text.matches("[-+.,0-9eE ]+")) {
        var point = new LatentPoint.Converter().convert(text);
        return LatentPoint.values(List.of(point), model.vae().latentSize(), spec)[0];
      }
      image = ModelInputs.pictures(model, List.of(new PathArgument().convert(text)));
    } catch (TypeConversionException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
    return inputs.of(model).codes(image.values(0, 1)).zMean()[0];
  }

  private static boolean isClass(LoadedModel model, String text) throws ModelException {
    return model.labelling().stream().anyMatch(known -> known.classes().find(text).isPresent());
  }
}

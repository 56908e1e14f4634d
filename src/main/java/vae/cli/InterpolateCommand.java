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
import picocli.CommandLine.TypeConversionException;
import vae.config.ClassNames;
import vae.files.AtomicFile;
import vae.latent.Atlas;
import vae.latent.LatentGrid;
import vae.mnist.HandDrawn;
import vae.mnist.Images;
import vae.picture.Gif;
import vae.picture.ImageBatch;
import vae.picture.Tiling;
import vae.report.PictureFile;
import vae.report.PlaceReport;
import vae.storage.Labelling;
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

  @Mixin private ModelOptions.OfGenerator common;
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
    common.requireBetween("--count", count, 2, MOST);
    try (LoadedModel model = common.model()) {
      Optional<ClassNames> classes = model.labelling().map(Labelling::classes);
      boolean isByClass = isClass(classes, from) || isClass(classes, to);
      // One for both ends: it takes its time.
      Optional<Atlas> atlas = isByClass ? Optional.of(Atlas.required(model)) : Optional.empty();
      float[] a = end(model, atlas, from);
      float[] b = end(model, atlas, to);
      Values images = inputs.of(model).generate(Values.of(LatentGrid.line(a, b, count)));
      Path file = PictureFile.write(out, images, all -> Tiling.of(all, SCALE, count, SCALE));
      String files = file.toString();
      if (PictureFile.canShow(images)) {
        Path animation = gif.orElseGet(() -> PictureFile.withEnding(out, ".gif"));
        AtomicFile.write(animation, Gif.thereAndBack(ImageBatch.of(images), 2 * SCALE, HUNDREDTHS));
        files += ", " + animation;
      }
      System.err.printf(
          "%s: %d images from z = %s to %s%n",
          files, count, PlaceReport.point(a), PlaceReport.point(b));
      return ExitCode.OK;
    }
  }

  /** Digits are, also for a model that knows none: it is then refused by what it lacks. */
  private static boolean isClass(Optional<ClassNames> classes, String text) {
    return text.matches("[0-9]")
        || classes.stream().anyMatch(known -> known.find(text).isPresent());
  }

  private float[] end(LoadedModel model, Optional<Atlas> atlas, String text) throws IOException {
    if (atlas.isPresent() && isClass(atlas.map(Atlas::classes), text)) {
      return atlas.get().best(common.label(atlas.get().classes(), "", text)).z();
    }
    try {
      if (text.matches("[-+.,0-9eE ]+")) {
        var point = new LatentPoint.Converter().convert(text);
        return LatentPoint.values(List.of(point), model.vae().latentSize(), common)[0];
      }
      Path file = new PathArgument().convert(text);
      Images image = HandDrawn.images(List.of(file), model.vae().inputShape());
      return inputs.of(model).codes(image.values(0, 1)).zMean()[0];
    } catch (TypeConversionException e) {
      throw common.refused(String.valueOf(e.getMessage()));
    }
  }
}

package vae.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import vae.config.Seed;
import vae.files.AtomicFile;
import vae.files.ModelException;
import vae.functions.VaeFunctions;
import vae.latent.Atlas;
import vae.latent.Atlas.Place;
import vae.latent.ClassDraws;
import vae.latent.Prior;
import vae.picture.ImageBatch;
import vae.picture.TextPreview;
import vae.picture.Tiling;
import vae.report.Csv;
import vae.report.DrawsReport;
import vae.report.PictureFile;
import vae.storage.LoadedModel;
import vae.tensor.Values;

/** {@code generate}: from noise to digits, by the decoder alone. */
@Command(name = "generate", description = "Decode points of the latent space into images.")
final class GenerateCommand implements Callable<Integer> {
  private static final float[][] TUTORIALS_POINTS = {{3, 3}, {0, 0}, {0, 5}};
  private static final int MOST_POINTS = 1_000;
  private static final int SCALE = 10;
  private static final int COUNT = 16;
  private static final int TERMINAL_COLUMNS = 80;

  @Mixin private ModelOptions.OfGenerator common;
  @Mixin private GivenInputs inputs;

  @Option(
      names = "--z",
      paramLabel = "A,B",
      converter = LatentPoint.Converter.class,
      description =
          "A point of the latent space, one number per dimension. May be repeated (default:"
              + " the tutorial's 3,3 0,0 0,5; if z is not two-dimensional, draws from N(0, I)).")
  private List<LatentPoint> points = List.of();

  @Option(
      names = {"--digit", "--class"},
      paramLabel = "NAME",
      description = "Draw z that give this digit or class, by name or number, instead of --z.")
  private Optional<String> wanted;

  @Option(
      names = "--count",
      paramLabel = "N",
      description = "How many z to draw, for --digit or from N(0, I) (default: 16).")
  private Optional<Integer> count;

  @Option(
      names = "--confidence",
      paramLabel = "P",
      description =
          "The least p(image) and p(codes) of a z drawn for --digit (default: those of the"
              + " surest third of a percent of the prior).")
  private Optional<Double> confidence;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "The seed of the draws (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      defaultValue = "generated.png",
      description = "The picture to write (default: ${DEFAULT-VALUE}).")
  private Path out;

  @Option(
      names = "--csv",
      paramLabel = "FILE",
      description = "Also write the pixels: one image per line, in [0, 1], no header.")
  private Optional<Path> csv;

  @Override
  public Integer call() throws IOException {
    check();
    try (LoadedModel model = common.model()) {
      float[][] z = wanted.isPresent() ? drawn(model, wanted.get()) : noise(model.vae());
      Values images = inputs.of(model).generate(Values.of(z));
      Path file = PictureFile.write(out, images, all -> Tiling.of(all, SCALE));
      if (csv.isPresent()) {
        AtomicFile.write(csv.get(), Csv.of(images.matrix()));
      }
      if (PictureFile.canShow(images)) {
        System.out.print(TextPreview.of(ImageBatch.of(images), TERMINAL_COLUMNS));
      }
      System.err.printf("%s: %d images from %s%n", file, images.rows(), model.source());
      return ExitCode.OK;
    }
  }

  private float[][] noise(VaeFunctions vae) throws ModelException {
    int latent = vae.latentSize();
    if (points.isEmpty()
        && count.isEmpty()
        && latent == TUTORIALS_POINTS[0].length
        && vae.hasPrior()) {
      return TUTORIALS_POINTS;
    }
    if (points.isEmpty() && !vae.hasPrior()) {
      throw common.refused(
          "expected --z, since an autoencoder has no prior to draw from; encode gives codes of"
              + " images, interpolate goes from one to another");
    }
    if (points.isEmpty()) {
      return Prior.draws(new Seed(seed), 0, count.orElse(COUNT), latent);
    }
    return LatentPoint.values(points, latent, common);
  }

  private void check() {
    if (points.size() > MOST_POINTS) {
      throw common.refused(
          "expected at most %,d points, found %,d".formatted(MOST_POINTS, points.size()));
    }
    if (wanted.isEmpty() && confidence.isPresent()) {
      throw common.refused("--confidence: expected --digit with it, found none");
    }
    if (count.isPresent() && !points.isEmpty()) {
      throw common.refused("--count and --z: expected one of them, found both");
    }
    if (wanted.isPresent() && !points.isEmpty()) {
      throw common.refused("--digit and --z: expected one of them, found both");
    }
    count.ifPresent(n -> common.requireBetween("--count", n, 1, MOST_POINTS));
    if (confidence.isPresent() && !(confidence.get() > 0 && confidence.get() < 1)) {
      throw common.refused("--confidence must be between 0 and 1, found " + confidence.get());
    }
    if (csv.isPresent() && csv.get().equals(out)) {
      throw common.refused("--out and --csv name the same file");
    }
  }

  /** Draws from the prior where a class comes out; tells what was drawn. */
  private float[][] drawn(LoadedModel model, String name) throws ModelException {
    Atlas atlas = Atlas.required(model);
    int label = common.label(atlas.classes(), "--digit: ", name);
    List<Place> places =
        new ClassDraws(atlas, new Seed(seed)).first(label, count.orElse(COUNT), confidence);
    var report = new DrawsReport(places, atlas.classes(), label);
    System.out.print(report.text());
    report.doubt(confidence).ifPresent(System.err::println);
    return places.stream().map(Place::z).toArray(float[][]::new);
  }
}

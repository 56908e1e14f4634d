package vae.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import vae.config.ClassNames;
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

  @Spec private CommandSpec spec;
  @Mixin private ModelOptions common;
  @Mixin private GeneratorOption generator;
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
    if (points.size() > MOST_POINTS) {
      throw new ParameterException(
          spec.commandLine(),
          "expected at most %,d points, found %,d".formatted(MOST_POINTS, points.size()));
    }
    checkClass();
    if (csv.isPresent() && csv.get().equals(out)) {
      throw new ParameterException(spec.commandLine(), "--out and --csv name the same file");
    }
    try (LoadedModel model = common.model(generator.key())) {
      float[][] z = wanted.isPresent() ? drawn(model, wanted.get()) : noise(model.vae());
      Values images = inputs.of(model).generate(Values.of(z));
      Path file = PictureFile.write(out, images, all -> Tiling.of(all, SCALE));
      if (csv.isPresent()) {
        AtomicFile.write(csv.get(), Csv.encode(images.matrix()));
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
      throw refused(
          "expected --z, since an autoencoder has no prior to draw from; encode gives codes of"
              + " images, interpolate goes from one to another");
    }
    if (points.isEmpty()) {
      return Prior.draws(new Seed(seed), 0, count.orElse(COUNT), latent);
    }
    return LatentPoint.values(points, latent, spec);
  }

  private void checkClass() {
    if (wanted.isEmpty() && confidence.isPresent()) {
      throw refused("--confidence: expected --digit with it, found none");
    }
    if (count.isPresent() && !points.isEmpty()) {
      throw refused("--count and --z: expected one of them, found both");
    }
    if (wanted.isPresent() && !points.isEmpty()) {
      throw refused("--digit and --z: expected one of them, found both");
    }
    if (count.isPresent() && (count.get() < 1 || count.get() > MOST_POINTS)) {
      throw refused(
          "--count must be between 1 and %,d, found %,d".formatted(MOST_POINTS, count.get()));
    }
    if (confidence.isPresent() && !(confidence.get() > 0 && confidence.get() < 1)) {
      throw refused("--confidence must be between 0 and 1, found " + confidence.get());
    }
  }

  /** Draws from the prior where a class comes out; tells what was drawn. */
  private float[][] drawn(LoadedModel model, String name) throws ModelException {
    Atlas atlas = LoadedAtlas.of(model);
    ClassNames classes = atlas.classes();
    int label =
        classes
            .find(name)
            .orElseThrow(
                () ->
                    refused(
                        "--digit: expected one of %s, found %s"
                            .formatted(String.join(", ", classes.names()), name)));
    List<Place> places =
        new ClassDraws(atlas, new Seed(seed)).first(label, count.orElse(COUNT), confidence);
    System.out.println("z                    p(image)  p(codes)  of the prior farther out");
    for (Place place : places) {
      System.out.printf(
          Locale.ROOT,
          "%-20s %8.3f  %8.3f  %.3g%n",
          Numbers.point(place.z()),
          place.byImage()[label],
          place.byCodes()[label],
          Prior.shareBeyond(place.z()));
    }
    DoubleSummaryStatistics sureness =
        places.stream().mapToDouble(place -> place.sureness(label)).summaryStatistics();
    if (sureness.getAverage() < ClassDraws.UNSURE) {
      System.err.printf(
          Locale.ROOT,
          "warning: unsure: of %,d draws the surest %,d are %s with only %.2f on average; a model"
              + " trained with --preset best knows its classes apart%n",
          ClassDraws.DRAWS,
          places.size(),
          classes.of(label),
          sureness.getAverage());
    } else if (confidence.isPresent() && sureness.getMin() < confidence.get()) {
      System.err.printf(
          Locale.ROOT,
          "note: too few draws are surer than %.2f; the surest are taken, from %.2f on%n",
          confidence.get(),
          sureness.getMin());
    }
    return places.stream().map(Place::z).toArray(float[][]::new);
  }

  private ParameterException refused(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}

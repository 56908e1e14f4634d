package vae.cli;

import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import vae.config.Seed;
import vae.evaluate.ActiveUnits;
import vae.evaluate.Brackets;
import vae.evaluate.Elbo;
import vae.evaluate.ImportanceBound;
import vae.evaluate.Likelihood;
import vae.evaluate.Quadrature;
import vae.mnist.Images;
import vae.storage.LoadedModel;
import vae.tensor.Values;

/** {@code evaluate}: how well a model explains images that it has not seen. */
@Command(
    name = "evaluate",
    description =
        "Measure how well a model explains images, by default MNIST's test images:"
            + " negative ELBO and its parts, the importance-weighted bound and the exact -log"
            + " p(x), in nats per image. Pixels are not binarised.")
final class EvaluateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ModelOptions common;
  @Mixin private ImageSource source;

  @Option(names = "--limit", paramLabel = "N", description = "Use the first N images only.")
  private Optional<Integer> limit;

  @Option(
      names = "--draws",
      paramLabel = "N",
      defaultValue = "10",
      description = "Draws of epsilon per image for the ELBO (default: ${DEFAULT-VALUE}).")
  private int draws;

  @Option(
      names = "--samples",
      paramLabel = "K",
      defaultValue = "100",
      description =
          "Samples per image for the importance-weighted bound; 0 leaves it out (default:"
              + " ${DEFAULT-VALUE}).")
  private int samples;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "The seed of epsilon (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(names = "--json", description = "Print one line of JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    requireBetween("--draws", draws, 1, 10_000);
    requireBetween("--samples", samples, 0, 1_000_000);
    limit.ifPresent(n -> requireBetween("--limit", n, 1, Integer.MAX_VALUE));
    source.check();
    ImageSource.Reading reading = source.start();
    try (LoadedModel model = common.model()) {
      Images images = reading.finish(model);
      int count = Math.min(images.count(), limit.orElse(Integer.MAX_VALUE));
      float[][] x = images.rows(count);
      Elbo elbo;
      Optional<double[]> iwae = Optional.empty();
      Optional<double[]> exact = Optional.empty();
      try (var progress = new CountLine("ELBO, image")) {
        elbo = Elbo.of(model, x, draws, new Seed(seed), progress::show);
      }
      if (samples > 0) {
        try (var progress = new CountLine("importance-weighted bound, image")) {
          iwae = Optional.of(ImportanceBound.of(model, x, samples, new Seed(seed), progress::show));
        }
      }
      if (Quadrature.fits(model)) {
        try (var progress = new CountLine("quadrature, square")) {
          exact = Optional.of(Quadrature.of(model, x, progress::show));
        }
      }
      boolean[] active = ActiveUnits.of(model.vae().encode(Values.of(x)));
      var found = new Found(model, count, elbo, iwae, exact, active, Brackets.of(x));
      if (json) {
        printJson(found);
      } else {
        print(found);
      }
      return ExitCode.OK;
    }
  }

  /** All figures. */
  @SuppressWarnings("ArrayRecordComponent") // Only read; never compared.
  private record Found(
      LoadedModel model,
      int images,
      Elbo elbo,
      Optional<double[]> iwae,
      Optional<double[]> exact,
      boolean[] active,
      Brackets brackets) {
    int activeUnits() {
      int count = 0;
      for (boolean each : active) {
        count += each ? 1 : 0;
      }
      return count;
    }
  }

  private void print(Found found) {
    double[] elbo = found.elbo.perImage();
    line("model", found.model.source().toString());
    line("images", "%,d of %s", found.images, source.name());
    line("-ELBO", "%.2f +- %.2f nats, mean of %d draws", mean(elbo), error(elbo), draws);
    line("  reconstruction", "%.2f", mean(found.elbo.reconstruction()));
    line("  KL", "%.2f", mean(found.elbo.kl()));
    found.iwae.ifPresent(
        bound ->
            line(
                "-log p(x), at most",
                "%.2f, importance-weighted, %,d samples",
                mean(bound),
                samples));
    found.exact.ifPresent(nll -> line("-log p(x)", "%.2f, by quadrature", mean(nll)));
    line("active units", "%d of %d", found.activeUnits(), found.active.length);
    if (Likelihood.of(found.model).lambda().isPresent()) {
      System.out.println(
          "Trained on squared errors: these are densities of normal pixels with variance lambda/2,");
      System.out.println("which are not to be compared with cross-entropies.");
      return;
    }
    line(
        "for comparison",
        "%.1f the pixels' own entropy, which none is below,",
        found.brackets.entropy());
    line("", "%.1f independent pixels", found.brackets.independent());
  }

  private void printJson(Found found) throws IOException {
    double[] elbo = found.elbo.perImage();
    JsonLine.print(
        out -> {
          out.writeStringField("model", found.model.source().toString());
          out.writeNumberField("images", found.images);
          out.writeNumberField("draws", draws);
          out.writeNumberField("negative_elbo", mean(elbo));
          out.writeNumberField("standard_error", error(elbo));
          out.writeNumberField("reconstruction", mean(found.elbo.reconstruction()));
          out.writeNumberField("kl", mean(found.elbo.kl()));
          if (found.iwae.isPresent()) {
            out.writeNumberField("samples", samples);
            out.writeNumberField("iwae_nll", mean(found.iwae.get()));
          }
          if (found.exact.isPresent()) {
            out.writeNumberField("quadrature_nll", mean(found.exact.get()));
          }
          out.writeNumberField("active_units", found.activeUnits());
          out.writeNumberField("pixel_entropy", found.brackets.entropy());
          out.writeNumberField("independent_pixels", found.brackets.independent());
        });
  }

  private static void line(String name, String format, Object... values) {
    System.out.printf("%-19s%s%n", name, String.format(Locale.ROOT, format, values));
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElse(Double.NaN);
  }

  /** The standard error of the mean over images. */
  private static double error(double[] values) {
    double mean = mean(values);
    double squares = Arrays.stream(values).map(value -> (value - mean) * (value - mean)).sum();
    return Math.sqrt(squares / (values.length - 1.0) / values.length);
  }

  private void requireBetween(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw new ParameterException(
          spec.commandLine(),
          "%s must be between %,d and %,d, found %,d".formatted(option, least, most, value));
    }
  }
}

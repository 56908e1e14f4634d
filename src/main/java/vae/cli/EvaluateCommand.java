package vae.cli;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import vae.config.Seed;
import vae.evaluate.Evaluation;
import vae.mnist.Images;
import vae.report.EvaluationReport;
import vae.storage.LoadedModel;

/** {@code evaluate}: how well a model explains images that it has not seen. */
@Command(
    name = "evaluate",
    description =
        "Measure how well a model explains images, by default MNIST's test images:"
            + " negative ELBO and its parts, the importance-weighted bound and the exact -log"
            + " p(x), in nats per image. Pixels are not binarised.")
final class EvaluateCommand implements Callable<Integer> {
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
    common.requireBetween("--draws", draws, 1, 10_000);
    common.requireBetween("--samples", samples, 0, 1_000_000);
    limit.ifPresent(n -> common.requireBetween("--limit", n, 1, Integer.MAX_VALUE));
    source.check();
    ImageSource.Reading reading = source.start();
    try (LoadedModel model = common.model()) {
      Images images = reading.finish(model);
      float[][] x = images.rows(Math.min(images.count(), limit.orElse(Integer.MAX_VALUE)));
      Evaluation found;
      try (var line = new CountLine()) {
        found = Evaluation.of(model, x, draws, samples, new Seed(seed), line::begin);
      }
      var report = new EvaluationReport(model.source(), found);
      System.out.print(json ? report.json() : report.text(source.name()));
      return ExitCode.OK;
    }
  }
}

package vae.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import vae.spark.Encode;
import vae.spark.GenerateJob;
import vae.spark.InProcess;
import vae.spark.Score;
import vae.storage.ModelStore;

/** {@code in-process}: the jobs' work without Spark, to measure them against. */
@Command(
    name = "in-process",
    description = "Print the rows a second of a job's work on one thread, without Spark.")
final class SparkInProcessCommand extends CommonOptions.Verbose implements Callable<Integer> {
  /** What is done. */
  private enum Work {
    ENCODE,
    SCORE,
    GENERATE,
    LABELS
  }

  @Mixin private MnistOption mnist;

  @Option(
      names = "--saved-model",
      paramLabel = "DIR",
      defaultValue = "saved_model",
      description = "As the jobs take it (default: ${DEFAULT-VALUE}).")
  private Path savedModel;

  @Option(
      names = "--work",
      paramLabel = "encode|score|generate|labels",
      defaultValue = "encode",
      description =
          "Which job's; labels are generate's without images (default: ${DEFAULT-VALUE}).")
  private Work work;

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "600000",
      description = "Rows; the second half counts (default: ${DEFAULT-VALUE}).")
  private long count;

  @Override
  public Integer call() throws IOException {
    var measured = new InProcess(new ModelStore(savedModel));
    double rate =
        switch (work) {
          case ENCODE -> measured.images(new Encode(), mnist.files().train(), count);
          case SCORE -> measured.images(new Score(8, 1), mnist.files().train(), count);
          case GENERATE -> measured.generated(new GenerateJob(1, true), count);
          case LABELS -> measured.generated(new GenerateJob(1, false), count);
        };
    System.out.printf("%s: %,.0f rows/s%n", work.name().toLowerCase(Locale.ROOT), rate);
    return ExitCode.OK;
  }
}

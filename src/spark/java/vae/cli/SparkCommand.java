package vae.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import vae.spark.Encode;
import vae.spark.GenerateJob;
import vae.spark.InProcess;
import vae.spark.Score;
import vae.storage.ModelStore;

/** The program's job jar: the commands that run on Apache Spark, a class each. */
@Command(
    name = "vae-spark",
    description = "The model on Apache Spark: from Parquet, image folders or IDX files to Parquet.",
    subcommands = {
      SparkCommand.SparkEncode.class,
      SparkCommand.SparkScore.class,
      SparkCommand.SparkGenerate.class,
      SparkCommand.SparkInProcess.class
    })
public final class SparkCommand extends CommonOptions.Help {
  private SparkCommand() {}

  /** What spark-submit starts; the exit codes are {@link VaeCommand}'s. */
  public static void main(String[] args) {
    Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT);
    System.setProperty("java.awt.headless", "true");
    int exitCode = run(args);
    if (exitCode != 0) {
      System.exit(exitCode);
    }
  }

  /** Runs one command. */
  static int run(String... args) {
    return new CommandLine(new SparkCommand())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setOverwrittenOptionsAllowed(true)
        .setParameterExceptionHandler(Failures::onUsage)
        .setExecutionExceptionHandler(
            (e, command, parsed) -> Failures.onFailure(SparkFailure.causeOf(e), command, parsed))
        .execute(args);
  }

  @Command(
      name = "encode",
      description =
          "Write where images lie in the latent space: z_mean and z_std, the logarithm of the"
              + " variance.")
  static final class SparkEncode implements Callable<Integer> {
    @Mixin private SparkOptions common;
    @Mixin private SparkInput input;

    @Override
    public Integer call() throws IOException {
      return input.run(common, "encode", new Encode());
    }
  }

  @Command(
      name = "score",
      description =
          "Write how much images are like what the model knows: the negative ELBO in nats, and its"
              + " two parts.")
  static final class SparkScore implements Callable<Integer> {
    @Mixin private SparkOptions common;
    @Mixin private SparkInput input;

    @Option(
        names = "--draws",
        paramLabel = "N",
        defaultValue = "8",
        description = "Draws of the noise an image (default: ${DEFAULT-VALUE}).")
    private int draws;

    @Option(
        names = "--seed",
        paramLabel = "N",
        defaultValue = "1",
        description =
            "What the noise follows from, with an image's id (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Override
    public Integer call() throws IOException {
      common.require(
          draws >= 1 && draws <= 10_000, "--draws must be between 1 and 10,000, found " + draws);
      return input.run(common, "score", new Score(draws, seed));
    }
  }

  @Command(
      name = "generate",
      description =
          "Draw from the prior and decode: id, z, the likeliest digit there with its probability,"
              + " and the image as bytes.")
  static final class SparkGenerate implements Callable<Integer> {
    @Mixin private SparkOptions common;

    @Option(
        names = "--count",
        paramLabel = "N",
        required = true,
        description = "How many; their ids are 0 to N - 1.")
    private long count;

    @Option(
        names = "--seed",
        paramLabel = "N",
        defaultValue = "1",
        description = "What the noise follows from, with the id (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--labels-only", description = "Leave the images out, and decode nothing.")
    private boolean labelsOnly;

    @Override
    public Integer call() throws IOException {
      common.require(count >= 1, "--count must be at least 1, found " + count);
      var job = new GenerateJob(seed, !labelsOnly);
      try (SparkSession spark = common.spark("generate")) {
        common.tell(job.run(spark, common.store(), common.onEveryMachine(), count, common.out()));
        return ExitCode.OK;
      }
    }
  }

  /** The jobs' work without Spark, to measure them against. */
  @Command(
      name = "in-process",
      description = "Print the rows a second of a job's work on one thread, without Spark.")
  static final class SparkInProcess extends CommonOptions.Verbose implements Callable<Integer> {
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
}

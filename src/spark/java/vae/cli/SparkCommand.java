package vae.cli;

import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program's job jar: the commands that run on Apache Spark. */
@Command(
    name = "vae-spark",
    description = "The model on Apache Spark: from Parquet, image folders or IDX files to Parquet.",
    subcommands = {
      SparkEncodeCommand.class,
      SparkScoreCommand.class,
      SparkGenerateCommand.class,
      SparkInProcessCommand.class
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
}

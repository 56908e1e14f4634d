package vae.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import vae.spark.GenerateJob;

/** {@code generate} on Spark. */
@Command(
    name = "generate",
    description =
        "Draw from the prior and decode: id, z, the likeliest digit there with its probability, and"
            + " the image as bytes.")
final class SparkGenerateCommand implements Callable<Integer> {
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
    if (count < 1) {
      throw common.refused("--count must be at least 1, found " + count);
    }
    try (SparkSession spark = common.spark("generate")) {
      common.tell(
          new GenerateJob(seed, !labelsOnly)
              .run(spark, common.store(), common.onEveryMachine(), count, common.out()));
      return ExitCode.OK;
    }
  }
}

package vae.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import vae.spark.Score;

/** {@code score} on Spark. */
@Command(
    name = "score",
    description =
        "Write how much images are like what the model knows: the negative ELBO in nats, and its"
            + " two parts.")
final class SparkScoreCommand implements Callable<Integer> {
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
      description = "What the noise follows from, with an image's id (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Override
  public Integer call() throws IOException {
    common.requireBetween("--draws", draws, 1, 10_000);
    return input.run(common, "score", new Score(draws, seed));
  }
}

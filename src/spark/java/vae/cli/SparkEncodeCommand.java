package vae.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import vae.spark.Encode;

/** {@code encode} on Spark. */
@Command(
    name = "encode",
    description =
        "Write where images lie in the latent space: z_mean and z_std, the logarithm of the"
            + " variance.")
final class SparkEncodeCommand implements Callable<Integer> {
  @Mixin private SparkOptions common;
  @Mixin private SparkInput input;

  @Override
  public Integer call() throws IOException {
    return input.run(common, "encode", new Encode());
  }
}

package vae.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import vae.mnist.Images;
import vae.storage.LoadedModel;
import vae.tools.Probe;

/** {@code probe}: what a model computes here, for another program to compare with. */
@Command(
    name = "probe",
    hidden = true,
    description =
        "Write what a model computes for some test images and noise, as CSV files: the inputs"
            + " x, epsilon and noise, the results z_mean, z_std, recon and generated.")
final class ProbeCommand implements Callable<Integer> {
  @Mixin private MnistOption mnist;
  @Mixin private ModelOptions common;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "The folder to write the files into.")
  private Path out;

  @Override
  public Integer call() throws IOException {
    Images test = mnist.files().test();
    try (LoadedModel model = common.model()) {
      Probe.write(model, test, out);
      return ExitCode.OK;
    }
  }
}

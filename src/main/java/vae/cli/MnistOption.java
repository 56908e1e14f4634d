package vae.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;
import vae.mnist.MnistFiles;

/** The option of the commands that read MNIST. */
final class MnistOption {
  @Option(
      names = "--mnist",
      paramLabel = "DIR",
      defaultValue = "mnist",
      description = "The folder of the IDX files (default: ${DEFAULT-VALUE}).")
  private Path folder;

  Path folder() {
    return folder;
  }

  MnistFiles files() {
    return new MnistFiles(folder);
  }
}

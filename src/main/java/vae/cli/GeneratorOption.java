package vae.cli;

import java.util.Optional;
import picocli.CommandLine.Option;

/** The option that names the function which makes images of a code. */
final class GeneratorOption {
  @Option(
      names = "--signature",
      paramLabel = "NAME",
      description =
          "The signature that makes images of a code (default: generate, else the only one that"
              + " does).")
  private Optional<String> signature;

  /** The signature's key, where one is named. */
  Optional<String> key() {
    return signature;
  }
}

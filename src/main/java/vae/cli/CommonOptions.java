package vae.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;
import vae.storage.ModelStore;

/** The options that all commands with a model share. */
class CommonOptions extends DeviceOption {
  @Option(
      names = "--saved-model",
      paramLabel = "DIR",
      defaultValue = "saved_model",
      description =
          "A folder of numbered models: train and import-meta add the next number, the others take"
              + " the highest, or one model's own folder (default: ${DEFAULT-VALUE}).")
  private Path savedModel;

  final ModelStore store() {
    return new ModelStore(savedModel);
  }
}

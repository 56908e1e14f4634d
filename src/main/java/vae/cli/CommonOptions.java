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
          "A folder of numbered models, or one model's own folder. train and import-meta"
              + " add the next number; other commands use the highest (default:"
              + " ${DEFAULT-VALUE}).")
  private Path savedModel;

  final ModelStore store() {
    return new ModelStore(savedModel);
  }
}

package vae.cli;

import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Option;
import vae.config.Device;
import vae.storage.LoadedModel;
import vae.storage.Manifest;
import vae.storage.ModelStore;

/** The options that all commands with a model share. */
final class CommonOptions extends DeviceOption {
  @Option(
      names = "--saved-model",
      paramLabel = "DIR",
      defaultValue = "saved_model",
      description =
          "A folder of numbered models: train and import-meta add the next number, the others take"
              + " the highest, or one model's own folder (default: ${DEFAULT-VALUE}).")
  private Path savedModel;

  /**
   * Loads the model asked for; says so if nothing but TensorFlow has checked it.
   *
   * @return the model, which the caller closes
   * @throws IOException if there is none, or it is damaged
   */
  LoadedModel model() throws IOException {
    Path folder = store().newest();
    var manifest = Background.start("manifest", () -> Manifest.check(folder));
    Device device = startTensorFlow();
    LoadedModel model = LoadedModel.open(folder, manifest.finish(), device);
    if (model.manifest().isEmpty()) {
      System.err.printf("note: %s has no manifest, and can't be checked for damage%n", folder);
    }
    return model;
  }

  ModelStore store() {
    return new ModelStore(savedModel);
  }
}

package vae.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;
import vae.config.Device;
import vae.runtime.ComputeDevice;
import vae.runtime.TensorFlowStartup;
import vae.storage.ModelStore;

/** The options that all commands with a model share. */
final class CommonOptions extends VerboseOption {
  @Option(
      names = "--saved-model",
      paramLabel = "DIR",
      defaultValue = "saved_model",
      description =
          "A folder of numbered models: train and import-meta add the next number, the others take"
              + " the highest, or one model's own folder (default: ${DEFAULT-VALUE}).")
  private Path savedModel;

  @Option(
      names = "--device",
      paramLabel = "auto|cpu|gpu",
      defaultValue = "auto",
      description =
          "Where to compute: auto takes a CUDA device if there is one (default: ${DEFAULT-VALUE}).")
  private Device device;

  ModelStore store() {
    return new ModelStore(savedModel);
  }

  /** Starts TensorFlow, finds the device that was asked for, and says which it is. */
  Device startTensorFlow() {
    TensorFlowStartup.run(device, verbose());
    Device found = ComputeDevice.resolve(device);
    System.err.println(found == Device.GPU ? "device: GPU (CUDA)" : "device: CPU");
    return found;
  }
}

package vae.cli;

import java.util.Optional;
import picocli.CommandLine.Option;
import vae.config.Device;
import vae.runtime.ComputeDevice;
import vae.runtime.TensorFlowStartup;

/** The options of the commands that compute. */
class DeviceOption extends VerboseOption {
  @Option(
      names = "--device",
      paramLabel = "auto|cpu|gpu",
      defaultValue = "auto",
      description =
          "The device: auto takes a CUDA device if there is one (default:" + " ${DEFAULT-VALUE}).")
  private Device device;

  /** The device that was asked for. */
  final Device asked() {
    return device;
  }

  /** Starts TensorFlow, finds the device that was asked for, and says which it is. */
  final Device startTensorFlow() {
    return startTensorFlow(Optional.empty(), false);
  }

  /**
   * The same.
   *
   * @param oneDnn with it or without, where that is not TensorFlow's and the user's choice
   * @param tf32 whether a GPU's products may round their factors
   */
  final Device startTensorFlow(Optional<Boolean> oneDnn, boolean tf32) {
    TensorFlowStartup.run(device, oneDnn, tf32, verbose());
    Device found = ComputeDevice.resolve(device);
    System.err.println(found == Device.GPU ? "device: GPU (CUDA)" : "device: CPU");
    return found;
  }
}

package vae.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;
import vae.config.Device;
import vae.runtime.ComputeDevice;
import vae.runtime.TensorFlowStartup;
import vae.storage.ModelStore;

/** The options that most commands share; each kind has those of the one before it. */
final class CommonOptions {
  private CommonOptions() {}

  /** The option that every command has, the program itself too. */
  abstract static class Help extends OptionGroup {
    @Option(
        names = {"-h", "--help"},
        usageHelp = true,
        description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it.
    private boolean help;
  }

  /** The option to hear more. */
  static class Verbose extends Help {
    private boolean verbose;

    @Option(
        names = {"-v", "--verbose"},
        description = "Show what TensorFlow says, and the stack trace of an error.")
    void setVerbose(boolean on) {
      verbose = on;
      if (on) {
        // Before any of our loggers is made.
        System.setProperty("org.slf4j.simpleLogger.log.vae", "debug");
      }
    }

    final boolean verbose() {
      return verbose;
    }
  }

  /** The options of the commands that compute. */
  static class Computing extends Verbose {
    @Option(
        names = "--device",
        paramLabel = "auto|cpu|gpu",
        defaultValue = "auto",
        description =
            "The device: auto takes a CUDA device if there is one (default: ${DEFAULT-VALUE}).")
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

  /** The options of the commands that read or write models. */
  static class WithModels extends Computing {
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
}

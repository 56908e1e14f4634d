package vae.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;
import vae.config.Computation;
import vae.config.Device;
import vae.config.Threads;
import vae.runtime.TensorFlowStartup;

/** The options of the commands that train: how, on which the last bits depend. */
final class ComputationOptions extends OptionGroup {
  @Option(
      names = "--threads",
      paramLabel = "auto|N",
      defaultValue = "auto",
      converter = Converter.class,
      description =
          "Threads to compute with. One and several add in different orders, so the last bits"
              + " differ (default: ${DEFAULT-VALUE}, one per core).")
  private Threads threads = Threads.auto();

  @Option(
      names = "--tf32",
      description =
          "On a GPU, allow TF32, which rounds factors to 10 bits of mantissa: faster, and"
              + " not what the CPU computes.")
  private boolean tf32;

  Threads threads() {
    return threads;
  }

  boolean tf32() {
    return tf32;
  }

  /** Takes those of a training that goes on, which keeps what it has. */
  void resume(Computation before) {
    requireSame("--threads", threads.count(), before.threads().count());
    requireSame("--tf32", tf32, before.tf32());
    threads = before.threads();
    tf32 = before.tf32();
  }

  /** What they come to on a device, once TensorFlow is started. */
  Computation on(Device device) {
    return TensorFlowStartup.computation(device, threads);
  }

  /** From {@code auto} or a number. */
  static final class Converter implements ITypeConverter<Threads> {
    @Override
    public Threads convert(String text) {
      try {
        return text.equalsIgnoreCase("auto") ? Threads.auto() : new Threads(Integer.parseInt(text));
      } catch (NumberFormatException e) {
        throw new TypeConversionException("expected auto or a number, found " + text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }
}

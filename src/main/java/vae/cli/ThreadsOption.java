package vae.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import vae.config.Threads;

/** The option of the commands that train. */
final class ThreadsOption {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--threads",
      paramLabel = "auto|N",
      defaultValue = "auto",
      converter = Converter.class,
      description =
          "Threads to compute with; one and several add in different orders, and so differ in the"
              + " last bits (default: ${DEFAULT-VALUE}, one a core).")
  private Threads threads = Threads.auto();

  Threads threads() {
    return threads;
  }

  /**
   * Those of a training that goes on, which keeps what it has.
   *
   * @throws ParameterException if others were asked for
   */
  Threads resumed(Threads before) {
    new GivenOptions(command).requireSame("--threads", threads.count(), before.count());
    return before;
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

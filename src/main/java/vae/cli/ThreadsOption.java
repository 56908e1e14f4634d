package vae.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;
import vae.config.Threads;

/** The option of the commands that train. */
final class ThreadsOption {
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

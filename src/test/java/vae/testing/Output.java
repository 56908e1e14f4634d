package vae.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import vae.cli.VaeCommand;
import vae.config.Device;
import vae.runtime.TensorFlowStartup;

/**
 * What one command did.
 *
 * @param exitCode as it would be the process's
 * @param out its standard output
 * @param err its standard error
 */
public record Output(int exitCode, String out, String err) {

  /** Runs a command that must succeed. */
  public static Output ofSuccess(Object... args) {
    Output output = of(Stream.of(args).map(Object::toString).toArray(String[]::new));
    assertThat(output.exitCode()).as(output.err()).isZero();
    return output;
  }

  /** Runs a command in this JVM, in which TensorFlow has been unpacked and started before. */
  public static Output of(String... args) {
    return captured(() -> VaeCommand.run(args));
  }

  /** Runs a main method of ours in this JVM. */
  public static Output ofMain(Main main, String... args) throws IOException {
    try {
      return captured(
          () -> {
            main.run(args);
            return 0;
          });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** A main method. */
  @FunctionalInterface
  public interface Main {
    void run(String[] args) throws IOException;
  }

  private interface Program {
    int run() throws IOException;
  }

  private static Output captured(Program program) {
    TensorFlowStartup.run(Device.CPU, false);
    PrintStream out = System.out;
    PrintStream err = System.err;
    var newOut = new ByteArrayOutputStream();
    var newErr = new ByteArrayOutputStream();
    System.setOut(new PrintStream(newOut, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(newErr, true, StandardCharsets.UTF_8));
    try {
      int exitCode = program.run();
      return new Output(
          exitCode,
          newOut.toString(StandardCharsets.UTF_8),
          newErr.toString(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }
}

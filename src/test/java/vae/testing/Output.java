package vae.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
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
    TensorFlowStartup.run(Device.CPU, false);
    PrintStream out = System.out;
    PrintStream err = System.err;
    var newOut = new ByteArrayOutputStream();
    var newErr = new ByteArrayOutputStream();
    System.setOut(new PrintStream(newOut, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(newErr, true, StandardCharsets.UTF_8));
    try {
      int exitCode = VaeCommand.run(args);
      return new Output(
          exitCode,
          newOut.toString(StandardCharsets.UTF_8),
          newErr.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }
}

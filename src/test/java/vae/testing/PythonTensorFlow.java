package vae.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Python's TensorFlow, which judges what Java writes and writes what Java is to read.
 *
 * <p>It needs the environment that scripts/setup-python.sh makes, 1.4 GB, which {@code mvn verify}
 * does not make by itself. Without it such tests are skipped, and say so; with {@code
 * VAE_REQUIRE_PYTHON} set, as in CI, they fail.
 */
public final class PythonTensorFlow {
  static final Path SCRIPTS = Path.of("scripts/dev");

  private static final Path ENVIRONMENT = Path.of("scripts/.venv");
  private static final String MISSING =
      "Python TensorFlow is missing: run scripts/setup-python.sh to have Java checked against it";

  private PythonTensorFlow() {}

  /** Skips or fails the test if there is none. */
  public static void require() {
    Path complete = ENVIRONMENT.resolve("complete");
    if (System.getenv("VAE_REQUIRE_PYTHON") != null) {
      assertThat(complete).as(MISSING).exists();
    } else if (!Files.exists(complete)) {
      System.out.println("SKIPPED: " + MISSING);
      assumeTrue(false, MISSING);
    }
  }

  /** Runs a Python script of scripts/dev, which must succeed, and gives what it printed. */
  public static String run(String script, Object... args) throws IOException {
    return run(ENVIRONMENT.resolve("bin/python"), SCRIPTS.resolve(script), args);
  }

  /** The same of a shell script, by its path. */
  public static String runShell(String script, Object... args) throws IOException {
    return run(Path.of("bash"), Path.of(script), args);
  }

  private static String run(Path program, Path script, Object... args) throws IOException {
    List<String> command = new ArrayList<>(List.of(program.toString(), script.toString()));
    Stream.of(args).map(Object::toString).forEach(command::add);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      String report = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      System.out.print(report);
      assertThat(process.waitFor()).as(report).isZero();
      return report;
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}

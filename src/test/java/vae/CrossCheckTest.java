package vae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vae.testing.Output;

/**
 * A model trained here, loaded and computed by Python's TensorFlow: scripts/cross_check.py.
 *
 * <p>It needs the environment that scripts/setup-python.sh makes, 1.4 GB, which {@code mvn verify}
 * does not make by itself. Without it the test is skipped, and says so; with {@code
 * VAE_REQUIRE_PYTHON} set, as in CI, it fails.
 */
class CrossCheckTest {
  private static final Path ENVIRONMENT = Path.of("scripts/.venv/complete");
  private static final String MISSING =
      "Python TensorFlow is missing: run scripts/setup-python.sh to have Java's models checked by it";

  @TempDir private Path folder;

  @Test
  void pythonReadsOurModelAndComputesTheSame() throws Exception {
    if (System.getenv("VAE_REQUIRE_PYTHON") != null) {
      assertThat(ENVIRONMENT).as(MISSING).exists();
    } else if (!Files.exists(ENVIRONMENT)) {
      System.out.println("SKIPPED: " + MISSING);
      assumeTrue(false, MISSING);
    }
    String models = folder.resolve("models").toString();
    String values = folder.resolve("values").toString();
    succeed("train", "--steps", "300", "--log-every", "100", "--saved-model", models);
    succeed("probe", "--saved-model", models, "--out", values);

    Process check =
        new ProcessBuilder("bash", "scripts/cross-check.sh", "--values", values, models + "/1")
            .redirectErrorStream(true)
            .start();
    String report = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    System.out.print(report);
    assertThat(check.waitFor()).as(report).isZero();
    assertThat(report).containsPattern("\\R18 checks passed\\R");
  }

  private static void succeed(String... args) throws IOException {
    Output output = Output.of(args);
    assertThat(output.exitCode()).as(output.err()).isZero();
  }
}

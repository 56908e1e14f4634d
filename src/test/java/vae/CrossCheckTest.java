package vae;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vae.testing.Output;
import vae.testing.PythonTensorFlow;

/** A model trained here, loaded and computed by Python's TensorFlow: scripts/dev/cross_check.py. */
class CrossCheckTest {
  @TempDir private Path folder;

  @Test
  void pythonReadsOurModelAndComputesTheSame() throws Exception {
    PythonTensorFlow.require();
    Path models = folder.resolve("models");
    Path values = folder.resolve("values");
    Output.ofSuccess("train", "--steps", "300", "--log-every", "100", "--saved-model", models);
    Output.ofSuccess("probe", "--saved-model", models, "--out", values);
    assertThat(PythonTensorFlow.run("cross_check.py", models.resolve("1"), values))
        .containsPattern("\\R18 checks passed\\R");
  }
}

package vae;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import vae.testing.ChildJvm;
import vae.testing.PythonTensorFlow;

/** A hundred steps here and in Python from one checkpoint, and the relay: scripts/parity.sh. */
class ParityTest {
  @Test
  void trainingIsPythonsToTheDigit() throws Exception {
    PythonTensorFlow.require();
    String java = String.join(" ", ChildJvm.command(Main.class));
    assertThat(PythonTensorFlow.runShell("scripts/parity.sh", "--java", java))
        .containsPattern("\\R16 checks passed\\R");
  }
}

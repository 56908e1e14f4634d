package vae;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vae.testing.Output;
import vae.testing.PythonTensorFlow;

/** A hundred steps here and in Python from one checkpoint, and the relay: scripts/parity.py. */
class ParityTest {
  @TempDir private Path work;

  @Test
  void trainingIsPythonsToTheDigit() throws Exception {
    PythonTensorFlow.require();
    PythonTensorFlow.run("parity.py", "init", work);
    java("init", 1, 100, "java");
    python("init", 1, 100, "python");
    python("init", 1, 100, "nudged", "--nudge");
    java("init", 1, 25, "relay-1");
    python("relay-1/model", 26, 25, "relay-2");
    java("relay-2/model", 51, 25, "relay-3");
    python("relay-3/model", 76, 25, "relay-4");
    assertThat(PythonTensorFlow.run("parity.py", "judge", work))
        .containsPattern("\\R16 checks passed\\R");
  }

  private void java(String from, int firstStep, int steps, String out) {
    Output.ofSuccess(replay(from, firstStep, steps, out).toArray());
  }

  private void python(String from, int firstStep, int steps, String out, String... more)
      throws IOException {
    List<Object> args = replay(from, firstStep, steps, out);
    args.addAll(List.of("--inputs", work.resolve("java")));
    args.addAll(List.of(more));
    PythonTensorFlow.run("parity.py", args.toArray());
  }

  /** The options of both. */
  private List<Object> replay(String from, int firstStep, int steps, String out) {
    List<Object> args = new ArrayList<>(List.of("replay", "--from", work.resolve(from)));
    args.addAll(List.of("--first-step", firstStep, "--steps", steps, "--out", work.resolve(out)));
    return args;
  }
}

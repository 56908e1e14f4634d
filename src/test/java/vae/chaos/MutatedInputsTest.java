package vae.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vae.testing.ChildJvm;

/** Bad inputs by the thousand, read by a process of little memory: a crash would be seen. */
@ChaosRow(
    order = 4,
    test = "mutated IDX / gzip / image-list / `.meta` inputs",
    holds = "a clear error or the right data; no crash, hang or memory beyond a stated cap")
class MutatedInputsTest {
  private static final int INPUTS = Dose.of(2_000, 160);
  private static final int HEAP_MIB = 512;

  /** All of the process: its heap, TensorFlow's library, and what TensorFlow takes. */
  private static final int MOST_MIB = 1_200;

  @TempDir private Path folder;

  @Test
  void eachIsRefusedOrRead() throws Exception {
    Path log = folder.resolve("log");
    Process reader =
        ChildJvm.start(
            log,
            List.of("-Xmx" + HEAP_MIB + "m"),
            MutatedInputs.class,
            folder.toString(),
            "" + INPUTS,
            "" + Dose.SEED);
    boolean ended = reader.waitFor(30, TimeUnit.MINUTES);
    reader.destroyForcibly();
    List<String> lines = Files.readAllLines(log);
    String tail = String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
    assertThat(ended).as(tail).isTrue();
    assertThat(reader.exitValue()).as(tail).isZero();
    String last = lines.get(lines.size() - 1);
    long peak = Long.parseLong(last.replaceAll(".*peak (\\d+) MiB", "$1"));
    ChaosTable.note("%s, with a heap of %d, cap %d".formatted(last, HEAP_MIB, MOST_MIB));
    assertThat(peak).isLessThan(MOST_MIB);
  }
}

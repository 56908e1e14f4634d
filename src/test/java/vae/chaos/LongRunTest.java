package vae.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import vae.Main;
import vae.testing.ChildJvm;

/** A long training in a process of its own, whose Java heap has one size: the rest is native. */
@ChaosRow(
    order = 6,
    test = "100,000 steps",
    holds = "resident memory flat (< 5 % growth after warm-up)")
@EnabledOnOs(OS.LINUX)
class LongRunTest {
  private static final int STEPS = Dose.of(100_000, 4_000);
  private static final int LOG_EVERY = STEPS / 100;

  /** What docs/training.md states for a training, in MiB. */
  private static final int MOST_MIB = 700;

  @TempDir private Path folder;

  @Test
  void takesNoMoreMemoryAtItsEndThanAfterItsWarmUp() throws Exception {
    Path log = folder.resolve("log");
    Process training =
        ChildJvm.start(
            log,
            List.of("-Xms192m", "-Xmx192m", "-XX:+AlwaysPreTouch"),
            Main.class,
            "train",
            "--steps",
            "" + STEPS,
            "--hidden",
            "" + Dose.of(512, 64),
            "--log-every",
            "" + LOG_EVERY,
            "--checkpoint-every",
            "" + STEPS / 20,
            "--seed",
            "1",
            "--saved-model",
            folder.resolve("models").toString());
    List<Long> kibibytes = new ArrayList<>(); // At each logged step.
    long peak = 0;
    try {
      while (training.isAlive()) {
        int logged = logged(log);
        long resident = memory(training, "VmRSS:");
        peak = Math.max(peak, memory(training, "VmHWM:"));
        while (resident > 0 && kibibytes.size() < logged) {
          kibibytes.add(resident);
        }
        TimeUnit.MILLISECONDS.sleep(20);
      }
      assertThat(training.waitFor()).as(Files.readString(log)).isZero();
    } finally {
      training.destroyForcibly();
    }
    long warm = median(kibibytes.subList(10, 20));
    long end = median(kibibytes.subList(kibibytes.size() - 10, kibibytes.size()));
    ChaosTable.note(
        "%,d steps and 20 checkpoints: %,d MiB after a tenth, %,d at the end (%+.1f %%), peak %,d"
            .formatted(STEPS, warm >> 10, end >> 10, 100.0 * (end - warm) / warm, peak >> 10));
    assertThat(end).isLessThan(warm * 105 / 100);
    assertThat(peak >> 10).isLessThan(MOST_MIB);
  }

  private static int logged(Path log) throws IOException {
    if (!Files.exists(log)) {
      return 0;
    }
    try (var lines = Files.lines(log)) {
      return (int) lines.filter(line -> line.startsWith("step ")).count();
    }
  }

  private static long median(List<Long> values) {
    return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
  }

  /** In KiB; 0 once the process has ended. */
  private static long memory(Process process, String field) {
    try (var lines = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
      return lines
          .filter(line -> line.startsWith(field))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElse(0);
    } catch (IOException | java.io.UncheckedIOException e) {
      return 0;
    }
  }
}

package vae.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vae.Main;
import vae.testing.ChildJvm;
import vae.testing.FolderContents;
import vae.testing.SmallMnist;

/** The tutorial's training, each part of it in a process of its own. */
@ChaosRow(
    order = 5,
    test = "resume at random steps",
    holds = "final variables byte-equal to the uninterrupted run")
class ResumedTrainingTest {
  private static final int TIMES = Dose.of(20, 2);
  private static final int STEPS = 300;

  @TempDir private Path folder;

  @Test
  void leavesTheBytesOfOneWithoutAPause() throws Exception {
    SmallMnist.in(mnist());
    Path straight = folder.resolve("straight");
    train(straight, "--steps", "" + STEPS, "--seed", "1");
    FolderContents expected = FolderContents.of(straight.resolve("1"));
    Random random = Dose.random(ResumedTrainingTest.class);
    List<Integer> steps = new ArrayList<>();
    for (int i = 0; i < TIMES; i++) {
      int step = 1 + random.nextInt(STEPS - 1);
      steps.add(step);
      Path paused = folder.resolve("paused");
      train(paused, "--steps", "" + step, "--seed", "1");
      train(paused, "--resume", "--steps", "" + STEPS);
      assertThat(FolderContents.of(paused.resolve("2"))).as("step %d", step).isEqualTo(expected);
      FileUtils.deleteDirectory(paused.toFile());
    }
    ChaosTable.note(
        "%d resumed, of %d steps after %s; whole folders equal".formatted(TIMES, STEPS, steps));
  }

  private Path mnist() {
    return folder.resolve("mnist");
  }

  private void train(Path models, String... options) throws IOException, InterruptedException {
    List<String> args = new ArrayList<>(List.of("train", "--saved-model", models.toString()));
    args.addAll(List.of("--mnist", mnist().toString()));
    args.addAll(List.of(options));
    Path log = folder.resolve("log");
    Process training = ChildJvm.start(log, Main.class, args.toArray(String[]::new));
    assertThat(training.waitFor()).as(Files.readString(log)).isZero();
  }
}

package vae.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vae.config.Computation;
import vae.config.Device;
import vae.config.LossFormula;
import vae.config.NetworkShape;
import vae.config.RmsPropSettings;
import vae.config.Seed;
import vae.config.Threads;
import vae.config.TrainingPlan;
import vae.mnist.Images;
import vae.mnist.SyntheticImages;
import vae.storage.ModelStore;

/**
 * Whole trainings as they go on a GPU: in calls of many steps, the later ones compiled by XLA.
 * Where there is none TensorFlow computes, and XLA compiles, for the CPU.
 */
class LoopedRunTest {
  private static final Computation ON_GPU =
      new Computation(Device.GPU, new Threads(2), true, false, true);
  private static final Images IMAGES = SyntheticImages.of(300, new Seed(2));
  private static final int STEPS = 2_350;

  @TempDir private Path folder;

  @Test
  void oneSeedGivesTheSameBytesTwiceAndResumed() throws IOException {
    Path once = trained("once", STEPS, 1_000, false);
    Path again = trained("again", STEPS, 350, false);
    // Interrupted before XLA takes over, and after.
    trained("resumed", 1_234, 617, false);
    trained("resumed", 2_101, 1_000, true);
    Path resumed = trained("resumed", STEPS, 1_000, true);
    byte[] expected = variables(once);
    assertThat(variables(again)).isEqualTo(expected);
    assertThat(variables(resumed)).isEqualTo(expected);
  }

  private Path trained(String name, int steps, int checkpointEvery, boolean resume)
      throws IOException {
    var models = new ModelStore(folder.resolve(name));
    TrainingPlan plan =
        new TrainingPlan(
            new NetworkShape(IMAGES.pixelsPerImage(), 12, 2),
            LossFormula.LOGITS,
            RmsPropSettings.TUTORIAL,
            steps,
            8,
            1_000,
            new Seed(4));
    CheckpointStore store = CheckpointStore.open(models.base().resolve("checkpoints"));
    try (Checkpoints checkpoints =
        resume
            ? Checkpoints.resumed(
                store,
                checkpointEvery,
                damaged -> {
                  throw new AssertionError(damaged);
                })
            : Checkpoints.anew(store, checkpointEvery)) {
      var data = TrainingData.of(IMAGES);
      var training = new Training(plan, ON_GPU, data, Optional.empty(), checkpoints, models);
      Training.Outcome outcome = training.run(new RunListener() {}, () -> false);
      return outcome.published().orElseThrow();
    }
  }

  private static byte[] variables(Path model) throws IOException {
    return Files.readAllBytes(model.resolve("variables/variables.data-00000-of-00001"));
  }
}

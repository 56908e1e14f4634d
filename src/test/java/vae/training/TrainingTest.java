package vae.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vae.config.Computation;
import vae.config.Device;
import vae.config.Seed;
import vae.config.Threads;
import vae.config.TrainingPlan;
import vae.examples.TrainOnTheJvm;
import vae.mnist.Images;
import vae.mnist.SyntheticImages;
import vae.storage.ModelStore;
import vae.tensor.ImageShape;
import vae.testing.Output;
import vae.train.StepReport;

/** Training as a Java program does it. */
class TrainingTest {
  private static final RunListener NOBODY = new RunListener() {};

  @TempDir private Path folder;

  @Test
  void theExampleTrainsAndGenerates() throws IOException {
    Path models = folder.resolve("models");
    Output example = Output.ofMain(TrainOnTheJvm::main, "mnist", models.toString(), "100");
    assertThat(example.out())
        .matches(
            "step 1: \\d+\\.\\d\\nstep 100: \\d+\\.\\d\\n\\Q%s\\E: 784 pixels in \\[0, 1]\\n"
                .formatted(models.resolve("1")));
    Output.ofSuccess("generate", "--digit", "3", "--saved-model", models, "--out", folder + "/3");
  }

  @Test
  void oneThatIsStoppedPublishesNothing() throws IOException {
    var training = training(SyntheticImages.of(100, new Seed(1)));
    Training.Outcome outcome = training.run(NOBODY, () -> true);
    assertThat(outcome.published()).isEmpty();
    assertThat(outcome.last().step()).isLessThan(training.plan().steps());
    assertThat(folder).isEmptyDirectory();
    assertThat(training.kept())
        .isEqualTo("nothing was saved, there is still no model in " + folder);
  }

  /** Else it would be the one before that is gone on from, without a word. */
  @Test
  void oneThatIsLostBeforeItsFirstCheckpointHasNone() throws IOException {
    Images images = SyntheticImages.of(100, new Seed(1));
    Path checkpoints = folder.resolve("checkpoints");
    try (var first = Checkpoints.anew(CheckpointStore.open(checkpoints), 1)) {
      var asked = new AtomicInteger();
      training(images, first).run(NOBODY, () -> asked.incrementAndGet() > 2);
    }
    RunListener killer =
        new RunListener() {
          @Override
          public void onStep(StepReport report, Optional<Float> heldOut) {
            if (report.step() == 2) {
              throw new IllegalStateException("killed");
            }
          }
        };
    try (var second = Checkpoints.anew(CheckpointStore.open(checkpoints), 5_000)) {
      assertThatThrownBy(() -> training(images, second).run(killer, () -> false))
          .hasMessage("killed");
    }
    try (CheckpointStore store = CheckpointStore.open(checkpoints)) {
      assertThat(store.newest(damaged -> {})).isEmpty();
    }
    assertThat(folder.resolve("checkpoints-1/checkpoint")).exists();
  }

  @Test
  void imagesOfAnotherSizeAreRefused() {
    Images images = SyntheticImages.of(100, new Seed(1));
    var half = new Images(ImageShape.grey(14, 28), new byte[100 * 392], images.labels());
    assertThatThrownBy(() -> training(half).run(NOBODY, () -> false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected images of 784 values for the network, found 392");
  }

  private Training training(Images images) {
    return training(images, Checkpoints.none());
  }

  private Training training(Images images, Checkpoints checkpoints) {
    TrainingPlan plan = TrainingPlan.tutorial(new Seed(1));
    return new Training(
        plan,
        new Computation(Device.CPU, new Threads(2), true, false, false),
        TrainingData.of(images),
        Optional.empty(),
        checkpoints,
        new ModelStore(folder));
  }
}

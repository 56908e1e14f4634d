package vae.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;
import vae.config.NetworkShape;
import vae.testing.Output;
import vae.testing.PythonTensorFlow;
import vae.testing.SmallMnist;
import vae.testing.SmallModel;
import vae.training.CheckpointStore;

/** {@code train --checkpoint-every} and {@code train --resume}; ProcessTest has the signals. */
class ResumeTest {
  private static final int HIDDEN = 16;

  @TempDir private static Path shared;
  private static Path mnist;

  @TempDir private Path folder;

  @BeforeAll
  static void writeImages() throws IOException {
    mnist = SmallMnist.in(shared.resolve("mnist"));
  }

  @Test
  void aResumedTrainingLeavesTheSameFolderAsOneWithoutAPause() throws IOException {
    Path paused = folder.resolve("paused");
    Path straight = folder.resolve("straight");
    train(paused, "--steps", "37", "--seed", "1");
    Output resumed = success(paused, "--resume", "--steps", "60");
    train(straight, "--steps", "60", "--seed", "1");
    assertThat(resumed.err())
        .contains(
            "resuming "
                + paused
                + "/checkpoints/model.ckpt-37 after step 37 of 60, seed 1, threads");
    assertThat(resumed.out()).doesNotContain("step 1 ");
    assertSame(straight.resolve("1"), paused.resolve("2"));
  }

  /** With Adam, a cosine and drawn pixels too, after the last step's checkpoint has been lost. */
  @Test
  void aTrainingByThePresetBestGoesOnToTheByte() throws IOException {
    Path models = folder.resolve("best");
    train(models, "--preset", "best", "--steps", "60", "--checkpoint-every", "37", "--seed", "1");
    Files.delete(models.resolve("checkpoints/model.ckpt-60.json"));
    assertThat(success(models, "--resume").err()).contains("after step 37 of 60");
    assertSame(models.resolve("1"), models.resolve("2"));
    Output refused = run(models, "--resume", "--steps", "70");
    assertThat(refused.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(refused.err()).contains("--steps: expected 60");
  }

  private static void assertSame(Path expected, Path found) throws IOException {
    try (Stream<Path> files = Files.walk(expected).filter(Files::isRegularFile)) {
      assertThat(files)
          .hasSize(10)
          .allSatisfy(
              file ->
                  assertThat(found.resolve(expected.relativize(file)))
                      .hasSameBinaryContentAs(file));
    }
  }

  @Test
  void savesAtEachNthStepAndAfterTheLast() throws IOException {
    train(folder, "--steps", "25", "--checkpoint-every", "10");
    assertThat(Files.readString(folder.resolve("checkpoints/checkpoint")))
        .isEqualTo(
            """
            model_checkpoint_path: "model.ckpt-25"
            all_model_checkpoint_paths: "model.ckpt-10"
            all_model_checkpoint_paths: "model.ckpt-20"
            all_model_checkpoint_paths: "model.ckpt-25"
            """);
    // What was trained to the end is only published again.
    Output resumed = success(folder, "--resume");
    assertThat(resumed.out()).isEmpty();
    assertThat(resumed.err())
        .contains("note: all 25 steps were taken before: the model is only published again")
        .endsWith("saved %s%n".formatted(folder.resolve("2")));
    assertThat(folder.resolve("2")).exists();
  }

  @Test
  void pythonFindsTheNewestAndItsVariables() throws IOException {
    PythonTensorFlow.require();
    train(folder, "--steps", "6", "--checkpoint-every", "3");
    assertThat(PythonTensorFlow.run("check_checkpoint.py", folder.resolve("checkpoints")))
        .contains("model.ckpt-6: 30 variables, restored by tf.train.import_meta_graph");
  }

  @ParameterizedTest
  @CsvSource({
    "--seed, 2, expected 1",
    "--hidden, 32, expected 16",
    "--latent, 3, expected 2",
    "--batch-size, 32, expected 64",
    "--learning-rate, 0.01, expected 0.001",
    "--loss, logits, expected TUTORIAL",
    "--threads, 7, expected ",
    "--image-list, list, expected none",
    "--steps, 4, expected at least 5"
  })
  void whatWouldMakeAnotherTrainingOfItIsRefused(String option, String value, String expected)
      throws IOException {
    train(folder, "--steps", "5", "--seed", "1");
    Output output = run(folder, "--resume", option, value);
    assertThat(output.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(output.err()).startsWith("error: " + option + ": " + expected);
    assertThat(folder.resolve("2")).doesNotExist();
  }

  @Test
  void nothingToGoOnFromIsOneLine() throws IOException {
    Path models = folder.resolve("models");
    Output output = run(models, "--resume");
    assertThat(output.exitCode()).isEqualTo(ExitCode.MODEL);
    assertThat(output.err())
        .isEqualTo(
            "error: %s: expected a checkpoint to go on from, found none%n"
                .formatted(models.resolve("checkpoints")));
    assertThat(models).doesNotExist();
  }

  @Test
  void aDamagedCheckpointIsToldAndTheOneBeforeTaken() throws IOException {
    train(folder, "--steps", "20", "--checkpoint-every", "10");
    Path data = folder.resolve("checkpoints/model.ckpt-20.data-00000-of-00001");
    byte[] bytes = Files.readAllBytes(data);
    bytes[1000] ^= 1;
    Files.write(data, bytes);
    Output resumed = success(folder, "--resume");
    assertThat(resumed.err())
        .contains("warning: left out: " + data + ": damaged: expected SHA-256 ")
        .contains("model.ckpt-10 after step 10 of 20");
    Path variables = Path.of("variables/variables.data-00000-of-00001");
    assertThat(folder.resolve("2").resolve(variables))
        .hasSameBinaryContentAs(folder.resolve("1").resolve(variables));
  }

  @Test
  void otherImagesAreRefused() throws IOException {
    assertThat(Output.of("unpack", "--out", folder.toString(), "--count", "100").exitCode())
        .isZero();
    Path list = folder.resolve("train_labels.txt");
    Path models = folder.resolve("models");
    Output first = command(models, "--image-list", list.toString(), "--steps", "5");
    assertThat(first.exitCode()).as(first.err()).isZero();
    // The list is the training's own: it need not be given again.
    Output resumed = command(models, "--resume", "--steps", "7");
    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
    List<String> lines = new ArrayList<>(Files.readAllLines(list));
    Files.write(list, lines.subList(0, 90));
    Output changed = command(models, "--resume", "--steps", "9");
    assertThat(changed.exitCode()).isEqualTo(ExitCode.DATA);
    assertThat(changed.err())
        .contains(
            "error: " + list + ": expected the images of the training to be resumed, SHA-256");
    assertThat(models.resolve("3")).doesNotExist();
  }

  @Test
  void aCheckpointThatCanNotBeSavedDoesNotEndTheTraining() throws IOException {
    Files.writeString(folder.resolve("checkpoints"), "in the way");
    Output output = success(folder, "--steps", "20", "--checkpoint-every", "10");
    assertThat(output.err())
        .containsPattern(
            "warning: no checkpoint: .*/checkpoints/model.ckpt-10: can't write \\(a file of that"
                + " name is in the way\\)\\R")
        .contains("model.ckpt-20: can't write");
    assertThat(folder.resolve("1")).exists();
    assertThat(folder.resolve("checkpoints")).hasContent("in the way");
  }

  @Test
  void withoutCheckpointsThereIsNoFolder() throws IOException {
    train(folder, "--steps", "5", "--checkpoint-every", "0");
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).containsExactly(folder.resolve("1"));
    }
  }

  @Test
  void aPoisonedCheckpointIsNotTrainedOn() throws IOException {
    train(folder, "--steps", "5");
    try (CheckpointStore store = CheckpointStore.open(folder.resolve("checkpoints"));
        SmallModel model = new SmallModel(new NetworkShape(784, HIDDEN, 2), 1)) {
      Variable<TFloat32> variable = model.vae().variables().get(12);
      float[] values = new float[(int) variable.shape().size()];
      values[3] = Float.NaN;
      model.assign(variable, values);
      store.save(model.inSession(), store.newest(damaged -> {}).orElseThrow().training());
    }
    Output output = run(folder, "--resume", "--steps", "20");
    assertThat(output.exitCode()).isEqualTo(ExitCode.DIVERGED);
    assertThat(output.err())
        .containsPattern("error: step 5: expected a finite \\S+, found NaN; no model was saved, ");
    assertThat(folder.resolve("2")).doesNotExist();
  }

  private static void train(Path models, String... more) {
    success(models, more);
  }

  private static Output success(Path models, String... more) {
    Output output = run(models, more);
    assertThat(output.exitCode()).as(output.err()).isZero();
    return output;
  }

  private static Output run(Path models, String... more) {
    List<String> args = new ArrayList<>(List.of(more));
    if (!args.contains("--image-list")) {
      args.addAll(List.of("--mnist", mnist.toString()));
    }
    return command(models, args.toArray(String[]::new));
  }

  private static Output command(Path models, String... more) {
    List<String> args = new ArrayList<>(List.of("train", "--saved-model", models.toString()));
    List<String> given = List.of(more);
    if (!given.contains("--resume")) {
      args.addAll(List.of("--hidden", String.valueOf(HIDDEN)));
    }
    args.addAll(given);
    return Output.of(args.toArray(String[]::new));
  }
}

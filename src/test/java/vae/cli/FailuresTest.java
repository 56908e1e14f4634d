package vae.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.proto.SavedModel;
import vae.testing.Output;
import vae.testing.SmallModel;

/** What a user sees when something is wrong: one line that says what, and an exit code. */
class FailuresTest {
  private static final String MANIFEST = "assets.extra/manifest.json";

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "train --steps 0              | the number of steps must be between 1 and",
        "train --steps many           | 'many' is not an int",
        "train --batch-size -3        | the batch size must be between 1 and",
        "train --batch-size 65537     | the batch size must be between 1 and 65,536",
        "train --log-every 0          | the logging interval must be",
        "train --learning-rate NaN    | the learning rate must be a positive number, found NaN",
        "train --learning-rate 0      | the learning rate must be a positive number",
        "train --hidden 0             | the hidden size must be between 1 and",
        "train --latent 99999         | the latent size must be between 1 and",
        "train --loss mse             | expected one of [TUTORIAL, LOGITS, L2]",
        "train --device tpu           | expected one of [AUTO, CPU, GPU]",
        "train --seed x               | 'x' is not a long",
        "train --hidden 60000 --latent 60000 | a layer may have at most 134,217,728 weights",
        "train --stepz 3              | Unknown options: '--stepz', '3'; did you mean --steps",
        "generate --z 1,x             | expected finite numbers separated by commas, found '1,x'",
        "generate --z NaN,1           | expected finite numbers separated by commas, found 'NaN,1'",
        "generate --z 1,Infinity      | expected finite numbers separated by commas",
        "generate --z 1,              | expected finite numbers separated by commas",
        "probe                        | Missing required option",
        "traim                        | did you mean train,",
        "improve                      | Unmatched argument at index 0: 'improve'",
      })
  void wrongOptions(String args, String reason) {
    Output output = Output.of(args.split(" ", -1));
    assertOneLine(output, ExitCode.USAGE, reason, 2);
    assertThat(output.err().lines().toList().get(1)).matches("See vae( \\w+)? --help");
  }

  @Test
  void aPointOfAnotherNumberOfDimensions() throws IOException {
    publishSmallModel();
    Output output = Output.of("generate", "--z", "1,2,3", "--saved-model", folder.toString());
    assertThat(output.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(output.err())
        .contains("error: --z 1,2,3: expected 2 values, as this model's z has, found 3");
  }

  @Test
  void missingData() {
    Output output = train("--mnist", folder.resolve("none").toString());
    assertLastLine(
        output,
        ExitCode.DATA,
        "expected the folder with MNIST's files, found none; --mnist DIR names it, the program's own"
            + " is "
            + Path.of("mnist").toAbsolutePath());
    output = train("--mnist", folder.toString());
    assertLastLine(output, ExitCode.DATA, "train-images-idx3-ubyte.gz: no such data file");
  }

  @Test
  void corruptData() throws IOException {
    Path mnist = folder.resolve("mnist");
    FileUtils.copyDirectory(Path.of("mnist").toFile(), mnist.toFile());
    Path images = mnist.resolve("train-images-idx3-ubyte.gz");
    Files.write(images, List.of("not MNIST"));
    Output output = train("--mnist", mnist.toString());
    assertLastLine(output, ExitCode.DATA, images + ": expected SHA-256 ");
  }

  @ParameterizedTest
  @CsvSource({"generate", "inspect"})
  void noModel(String command) {
    Output output = Output.of(command, "--saved-model", folder.resolve("none").toString());
    assertOneLine(output, ExitCode.MODEL, "none: expected a folder with a model, found none", 1);
  }

  @Test
  void aFolderThatIsNotASavedModel() throws IOException {
    Files.createDirectory(folder.resolve("1"));
    Output output = Output.of("generate", "--saved-model", folder.toString());
    assertThat(output.exitCode()).isEqualTo(ExitCode.MODEL);
    assertThat(output.err())
        .contains(
            "error: " + folder.resolve("1") + ": expected a SavedModel, found no saved_model.pb");
    assertThat(output.err()).doesNotContain("\tat ");
  }

  @Test
  void nonsenseInPlaceOfTheGraph() throws IOException {
    Path model = publishSmallModel();
    Files.delete(model.resolve(MANIFEST)); // As another program's model.
    Files.writeString(model.resolve("saved_model.pb"), "nonsense");
    Output output = Output.of("generate", "--saved-model", folder.toString());
    assertThat(output.exitCode()).isEqualTo(ExitCode.MODEL);
    assertThat(output.err())
        .contains("error: " + model.resolve("saved_model.pb") + ": expected a whole SavedModel");
  }

  @ParameterizedTest
  @ValueSource(strings = {"generate", "inspect", "verify", "export-meta"})
  void aDamagedModelIsNamedByItsFile(String command) throws IOException {
    Path graph = publishSmallModel().resolve("saved_model.pb");
    byte[] bytes = Files.readAllBytes(graph);
    bytes[bytes.length / 2] ^= 1;
    Files.write(graph, bytes);
    Output output = Output.of(command, "--saved-model", folder.toString());
    assertThat(output.exitCode()).isEqualTo(ExitCode.MODEL);
    assertThat(output.err()).contains("error: " + graph + ": damaged: expected SHA-256 ");
  }

  @Test
  void aModelOfAnotherProgramsLoadsWithANoteAndCanNotBeVerified() throws IOException {
    Path model = publishSmallModel();
    Files.delete(model.resolve(MANIFEST));
    assertThat(Output.ofSuccess("inspect", "--saved-model", folder).err())
        .contains("note: " + model + " has no manifest");
    Output output = Output.of("verify", folder.toString());
    assertThat(output.exitCode()).isEqualTo(ExitCode.MODEL);
    assertThat(output.err())
        .contains("error: " + model + ": expected a manifest to verify it against, found none");
  }

  @Test
  void aPictureThatCanNotBeWrittenLosesNothing() throws IOException {
    publishSmallModel();
    Path file = Files.writeString(folder.resolve("file"), "in the way");
    for (Path out : List.of(file.resolve("picture.png"), folder)) {
      Output output =
          Output.of("generate", "--saved-model", folder.toString(), "--out", out.toString());
      assertThat(output.exitCode()).isEqualTo(ExitCode.OUTPUT);
      assertThat(output.err()).contains("error: " + out + ": can't write (");
    }
    assertThat(file).hasContent("in the way");
  }

  @Test
  void aModelFolderThatCanNotBeWrittenIsToldBeforeTraining() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "in the way");
    Output output = train("--saved-model", file.toString());
    assertOneLine(output, ExitCode.OUTPUT, file + ": can't write (", 1);
  }

  @Test
  @DisabledIf("isBuiltForGpu")
  void noGpu() {
    Output output = train("--device", "gpu");
    assertOneLine(output, ExitCode.DEVICE, "no GPU: the library is missing", 1);
  }

  @Test
  void aDivergedTrainingKeepsTheModelBefore() throws IOException {
    publishSmallModel();
    Output output =
        train("--saved-model", folder.toString(), "--learning-rate", "1e30", "--hidden", "8");
    assertThat(output.exitCode()).isEqualTo(ExitCode.DIVERGED);
    assertThat(output.err())
        .containsPattern(
            "error: step 1: expected a finite loss, found \\S+; nothing was saved, .*1 is kept as it"
                + " was; try --loss logits or a smaller --learning-rate\\R$");
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).containsExactly(folder.resolve("1"));
    }
  }

  @Test
  void verboseShowsTheStackTrace() {
    Output output = Output.of("inspect", "-v", "--saved-model", folder.toString());
    assertThat(output.err()).contains("error: ").contains("\tat vae.storage.ModelStore.newest");
  }

  static boolean isBuiltForGpu() {
    return FailuresTest.class.getResource(
            "/org/tensorflow/internal/c_api/linux-x86_64-gpu/libjnitensorflow.so")
        != null;
  }

  @Test
  void aModelWithoutTheSignatureThatIsNeeded() throws IOException {
    Path model = publishSmallModel();
    Files.delete(model.resolve(MANIFEST));
    Path graph = model.resolve("saved_model.pb");
    SavedModel.Builder saved = SavedModel.parseFrom(Files.readAllBytes(graph)).toBuilder();
    saved.getMetaGraphsBuilder(0).removeSignatureDef("generate");
    Files.write(graph, saved.build().toByteArray());
    Output output = Output.of("generate", "--saved-model", model.toString());
    assertThat(output.exitCode()).isEqualTo(ExitCode.MODEL);
    assertThat(output.err())
        .contains(
            "error: "
                + model
                + ": expected a signature generate that makes images of a code [batch, latent], found"
                + " [encode (image -> z_mean, z_std), serving_default (image -> recon)]");
    assertThat(Output.of("inspect", "--saved-model", model.toString()).exitCode()).isZero();
  }

  @Test
  void nothingIsLeftBehindWhereTrainingDidNotStart() {
    train("--mnist", folder.resolve("none").toString());
    assertThat(folder.resolve("m")).doesNotExist();
  }

  private Output train(String... more) {
    return Output.of(
        Stream.concat(
                Stream.of("train", "--steps", "5", "--saved-model", folder.resolve("m").toString()),
                Stream.of(more))
            .toArray(String[]::new));
  }

  private Path publishSmallModel() throws IOException {
    try (SmallModel model = new SmallModel(1)) {
      return model.publish(folder);
    }
  }

  /** After the line that tells the device. */
  private static void assertLastLine(Output output, int exitCode, String reason) {
    assertThat(output.err().lines()).hasSize(2).first().asString().startsWith("device: ");
    assertThat(output.err()).contains("error: ").contains(reason);
    assertThat(output.exitCode()).isEqualTo(exitCode);
  }

  private static void assertOneLine(Output output, int exitCode, String reason, int lines) {
    assertThat(output.err()).startsWith("error: ").contains(reason);
    assertThat(output.err().lines()).hasSize(lines);
    assertThat(output.out()).isEmpty();
    assertThat(output.exitCode()).isEqualTo(exitCode);
  }
}

package vae;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vae.examples.Tf1ModelOnTheJvm;
import vae.testing.Output;
import vae.testing.PythonTensorFlow;

/**
 * A model trained here that passes the post's own test program, goes on training in Python, is
 * saved there and comes back: scripts/dev/check_export.py.
 */
class ExportMetaTest {
  @TempDir private Path folder;

  @BeforeEach
  void requirePython() {
    PythonTensorFlow.require();
  }

  @Test
  void aModelTrainedFromIdxFiles() throws Exception {
    train();
    Output.ofSuccess("export-meta", prefix(), "--saved-model", models());
    assertThat(judged("4")).containsPattern("images from mnist: loss");
    comesBack(4);
  }

  @Test
  void aModelTrainedFromAnImageListBringsItsQueues() throws Exception {
    Path data = folder.resolve("mnist");
    Output.ofSuccess("unpack", "--out", data, "--count", "640");
    train("--image-list", data.resolve("train_labels.txt"));
    Output.ofSuccess("export-meta", prefix(), "--saved-model", models());
    assertThat(judged("6")).containsPattern("images from the queues: loss");
    comesBack(6);
  }

  @Test
  void aModelWhoseImageListIsGoneIsExportedWithoutQueues() throws Exception {
    Path data = folder.resolve("mnist");
    Output.ofSuccess("unpack", "--out", data, "--count", "64");
    train("--image-list", data.resolve("train_labels.txt"));
    FileUtils.deleteDirectory(data.toFile());
    Output exported = Output.ofSuccess("export-meta", prefix(), "--saved-model", models());
    assertThat(exported.err()).contains("note: exported without the input pipeline: " + data);
    judged("4");
  }

  private void train(Object... more) {
    List<Object> args = new ArrayList<>(List.of("train", "--steps", 30, "--seed", 1));
    args.addAll(List.of("--saved-model", models()));
    args.addAll(List.of(more));
    Output.ofSuccess(args.toArray());
  }

  /** What check_export.py prints; fails if a check does. */
  private String judged(String keys) throws IOException {
    Path values = folder.resolve("values");
    Output.ofSuccess(
        "generate",
        "--saved-model",
        models(),
        "--out",
        folder.resolve("generated.png"),
        "--csv",
        values.resolve("generated.csv"));
    return PythonTensorFlow.run("check_export.py", folder, values, "--keys", keys);
  }

  /** What Python has trained on and saved is brought over, by the example that the docs show. */
  private void comesBack(int keys) throws IOException {
    Path again = folder.resolve("again/VAE_mnist");
    Output imported =
        Output.ofSuccess("import-meta", again, "--saved-model", folder.resolve("back"));
    assertThat(imported.out().lines().skip(1).findFirst().orElseThrow().split(",", -1))
        .as("collection keys")
        .hasSize(keys);
    assertThat(imported.out()).contains("the tutorial's decoder: a[3], a[8], a[4], a[9]");

    Output example = Output.ofMain(Tf1ModelOnTheJvm::main, again.toString());
    assertThat(example.out().lines()).hasSize(13);
    assertThat(example.out()).contains("<tf.Variable 'Variable_4:0' shape=(512, 784)");
  }

  private Path models() {
    return folder.resolve("models");
  }

  private Path prefix() {
    return folder.resolve("VAE_mnist_model/VAE_mnist");
  }
}

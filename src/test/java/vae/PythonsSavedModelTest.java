package vae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import vae.checkpoint.Tf1Checkpoint;
import vae.config.Device;
import vae.storage.LoadedModel;
import vae.tensor.Values;
import vae.testing.PythonModels;
import vae.testing.PythonTensorFlow;

/** SavedModels that Python's TensorFlow has written, by scripts/dev/make_saved_models.py. */
class PythonsSavedModelTest {
  private static Path models;

  @TempDir private Path folder;

  @BeforeAll
  static void make() throws IOException {
    models = PythonModels.of("make_saved_models.py");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ref", "resource", "renamed", "init", "tf2"})
  void isLoadedAndComputesWhatPythonDoes(String name) throws IOException {
    float[][] noise = csv(models.resolve(name).resolve("noise.csv"));
    float[][] expected = csv(models.resolve(name).resolve("image.csv"));
    try (LoadedModel model = LoadedModel.open(models.resolve(name), Device.CPU)) {
      float[][] found = model.vae().generate(Values.of(noise)).matrix();
      for (int i = 0; i < expected.length; i++) {
        assertThat(found[i]).containsExactly(expected[i], within(1e-6f));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ref", "renamed"})
  void whatIsSavedAgainIsWhole(String name) throws IOException {
    Path prefix = folder.resolve("model");
    try (LoadedModel model = LoadedModel.open(models.resolve(name), Device.CPU)) {
      model.export(prefix, metaGraph -> metaGraph);
    }
    assertThat(Tf1Checkpoint.at(prefix).metaFile()).exists();
    Files.writeString(folder.resolve("checkpoint"), "model_checkpoint_path: \"model\"\n");
    assertThat(PythonTensorFlow.run("check_checkpoint.py", folder))
        .contains("model: 2 variables, restored by tf.train.import_meta_graph");
  }

  private static float[][] csv(Path file) throws IOException {
    return Files.readAllLines(file).stream()
        .map(
            line -> {
              double[] row =
                  Arrays.stream(line.split(",")).mapToDouble(Double::parseDouble).toArray();
              float[] floats = new float[row.length];
              for (int i = 0; i < row.length; i++) {
                floats[i] = (float) row[i];
              }
              return floats;
            })
        .toArray(float[][]::new);
  }
}

package vae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import vae.config.Device;
import vae.functions.Batching;
import vae.functions.Posterior;
import vae.storage.LoadedModel;
import vae.tensor.Values;
import vae.testing.Output;
import vae.testing.PythonModels;

/** TF1 models of many kinds that Python wrote (scripts/dev/make_tf1_models.py), brought over. */
class ImportMetaTest {
  private static final float TOLERANCE = 1e-5f;

  @TempDir private static Path folder;
  private static Path models;

  @BeforeAll
  static void letPythonWriteTheModels() throws IOException {
    models = PythonModels.of("make_tf1_models.py");
  }

  static List<String> variants() throws IOException {
    try (Stream<Path> list = Files.list(models)) {
      return list.map(path -> path.getFileName().toString())
          .filter(name -> !name.startsWith("bad_"))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("variants")
  void computesWhatPythonComputes(String variant) throws IOException {
    Path old = models.resolve(variant);
    Path base = folder.resolve("imported").resolve(variant);
    var facts = new Properties();
    facts.load(new StringReader(Files.readString(old.resolve("facts.txt"))));
    List<Object> args = new ArrayList<>(List.of("import-meta", old.resolve("model")));
    args.addAll(List.of("--saved-model", base));
    for (String setting : facts.getProperty("set", "").split(" ", -1)) {
      args.addAll(setting.isEmpty() ? List.of() : List.of("--set", setting));
    }
    Output imported = Output.ofSuccess(args.toArray());
    assertThat(imported.out().lines().filter(line -> line.startsWith("<tf.Variable")))
        .as("the two listings")
        .hasSizeGreaterThanOrEqualTo(
            Integer.parseInt(facts.getProperty("trainable"))
                + Integer.parseInt(facts.getProperty("variables")));
    if (facts.containsKey("move")) {
      assertThat(imported.out()).contains(facts.getProperty("move"));
    }
    try (LoadedModel model = LoadedModel.open(base.resolve("1"), Device.CPU)) {
      assertThat(model.vae().latentSize()).isEqualTo(Integer.parseInt(facts.getProperty("latent")));
      compare(model.vae().generate(Values.of(read(old, "noise"))).matrix(), read(old, "decoded"));
      Posterior posterior = model.vae().encode(Values.of(read(old, "x")));
      compare(posterior.zMean(), read(old, "z_mean"));
      compare(posterior.zStd(), read(old, "z_std"));
      if (Files.exists(old.resolve("recon.csv"))) {
        compare(
            model
                .vae()
                .reconstruct(Values.of(read(old, "x")), Values.of(read(old, "epsilon")))
                .matrix(),
            read(old, "recon"));
      }
      assertThat(model.metaGraph().getGraphDef().getNodeList())
          .allMatch(node -> node.getDevice().isEmpty() && !node.containsAttr("_class"))
          .noneMatch(node -> node.getOp().contains("Queue") || node.getOp().contains("RMSProp"));
      assertThat(model.variables("variables"))
          .hasSizeGreaterThanOrEqualTo(Integer.parseInt(facts.getProperty("variables")));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"pipeline", "batch_x"})
  void listsTheInputPipelineThatItDrops(String variant) {
    Output output =
        Output.ofSuccess(
            "import-meta",
            models.resolve(variant).resolve("model"),
            "--saved-model",
            folder.resolve("dropped"));
    assertThat(output.out())
        .contains("  input_producer/input_producer (FIFOQueueV2)")
        .contains("  ReadFile (ReadFile)")
        .contains("  batch/fifo_queue (FIFOQueueV2)")
        .contains("  batch (QueueDequeueManyV2)");
  }

  /** Alone, in a batch, and in a batch that is computed in pieces. */
  @ParameterizedTest
  @ValueSource(ints = {1, 15, 300})
  void aModelOfOneBatchSizeTakesAnyNumber(int batch) throws IOException {
    Path base = folder.resolve("batches-of-16").resolve(String.valueOf(batch));
    Path old = models.resolve("batch_x").resolve("model");
    assertThat(Output.ofSuccess("import-meta", old, "--saved-model", base).err())
        .contains("note: serving_default takes 16 rows at a time: more are cut, fewer filled up");
    try (LoadedModel model = LoadedModel.open(base.resolve("1"), Device.CPU)) {
      assertThat(reconstructed(model, 16)).hasDimensions(16, 784);
      assertThat(reconstructed(model, batch)).hasDimensions(batch, 784);
      assertThat(model.batching("serving_default")).isEqualTo(Batching.of(16));
    }
  }

  private static float[][] reconstructed(LoadedModel model, int batch) throws IOException {
    return model.vae().reconstruct(Values.of(new float[batch][model.vae().inputSize()])).matrix();
  }

  @ParameterizedTest
  @CsvSource({
    "bad_no_recon, found a variational autoencoder",
    "bad_no_sampler, found an autoencoder without a sampler",
    "fed, keep_prob is 1",
    "fed, is_training is false",
  })
  void saysWhatItFound(String name, String line) {
    Path model = models.resolve(name).resolve("model");
    Path base = folder.resolve("found").resolve(name);
    assertThat(Output.ofSuccess("import-meta", model, "--saved-model", base).err().lines())
        .contains(line);
  }

  @Test
  void refusesTheCheckpointOfAnotherGraph() {
    Path base = folder.resolve("refused");
    String prefix = models.resolve("bad_mismatch/model").toString();
    Output output = Output.of("import-meta", prefix, "--saved-model", base.toString());
    assertThat(output.exitCode()).isEqualTo(4);
    assertThat(output.err())
        .contains("the checkpoint's variables are not the graph's: Variable: expected");
    assertThat(base).doesNotExist();
  }

  private static float[][] read(Path folder, String name) throws IOException {
    return Files.readAllLines(folder.resolve(name + ".csv")).stream()
        .map(ImportMetaTest::floats)
        .toArray(float[][]::new);
  }

  private static float[] floats(String line) {
    String[] fields = line.split(",", -1);
    float[] values = new float[fields.length];
    for (int i = 0; i < fields.length; i++) {
      values[i] = Float.parseFloat(fields[i]);
    }
    return values;
  }

  private static void compare(float[][] found, float[][] expected) {
    assertThat(found).hasDimensions(expected.length, expected[0].length);
    for (int row = 0; row < expected.length; row++) {
      assertThat(found[row]).containsExactly(expected[row], within(TOLERANCE));
    }
  }
}

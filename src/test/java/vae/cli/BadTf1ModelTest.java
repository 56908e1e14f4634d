package vae.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import vae.config.NetworkShape;
import vae.testing.Output;
import vae.testing.SmallModel;

/** TF1 models that import-meta can't bring over: one line that says why, and nothing written. */
class BadTf1ModelTest {
  private static final AttrValue FLOAT = AttrValue.newBuilder().setType(DataType.DT_FLOAT).build();
  private static final AttrValue INT32 = AttrValue.newBuilder().setType(DataType.DT_INT32).build();
  private static final String DATA = "model.data-00000-of-00001";

  @TempDir private static Path shared;
  private static Path whole;

  @TempDir private Path folder;
  private Path tf1;

  @BeforeAll
  static void exportModels() throws IOException {
    whole = export("whole", SmallModel.SHAPE);
  }

  @BeforeEach
  void copyFiles() throws IOException {
    tf1 = folder.resolve("tf1");
    FileUtils.copyDirectory(whole.toFile(), tf1.toFile());
  }

  @Test
  void aWholeOneIsTaken() {
    Output output = importMeta();
    assertThat(output.exitCode()).as(output.err()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "model.meta, 'model.meta: expected a meta graph, found no such file'",
    "model.index, 'model.index: expected the index of a V2 checkpoint, found no such file'",
    DATA + ", '" + DATA + ": expected the values of a V2 checkpoint, found no such file'",
  })
  void aFileIsMissing(String file, String message) throws IOException {
    Files.delete(tf1.resolve(file));
    assertRefused(message);
  }

  @Test
  void aShardIsMissing() throws IOException {
    Files.move(tf1.resolve(DATA), tf1.resolve("model.data-00000-of-00002"));
    assertRefused("model.data-00001-of-00002: expected a shard of the checkpoint");
  }

  @Test
  void theFolderIsMissing() throws IOException {
    FileUtils.deleteDirectory(tf1.toFile());
    assertRefused(
        "model.meta: expected a meta graph, found no such file, checkpoint or folder; PREFIX is what"
            + " saver.save was given, or its folder; export-meta makes such files of a saved model");
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.meta", "model.index", DATA})
  void aFileIsTruncated(String file) throws IOException {
    byte[] bytes = Files.readAllBytes(tf1.resolve(file));
    Files.write(tf1.resolve(file), Arrays.copyOf(bytes, bytes.length / 2));
    assertRefused("expected a whole ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.meta", "model.index", DATA})
  void aFileIsEmpty(String file) throws IOException {
    Files.write(tf1.resolve(file), new byte[0]);
    assertRefused("expected a ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.meta", "model.index", DATA})
  void aFileIsOfAnotherKind(String file) throws IOException {
    Files.writeString(tf1.resolve(file), "model_checkpoint_path: \"model\"\n".repeat(50));
    assertRefused("expected a ");
  }

  @Test
  void aByteOfTheValuesIsFlipped() throws IOException {
    byte[] bytes = Files.readAllBytes(tf1.resolve(DATA));
    bytes[bytes.length / 3] ^= 4;
    Files.write(tf1.resolve(DATA), bytes);
    assertRefused("model: expected a whole checkpoint, found");
  }

  @Test
  void theCheckpointIsOfAnotherModel() throws IOException {
    Path other = export("other", new NetworkShape(16, 9, 2));
    for (String file : List.of("model.index", DATA)) {
      FileUtils.copyFile(other.resolve(file).toFile(), tf1.resolve(file).toFile());
    }
    assertRefused(
        "model: the checkpoint's variables are not the graph's: Variable: expected DT_FLOAT [16, 8],"
            + " found DT_FLOAT [16, 9]; Variable_1: expected DT_FLOAT [8, 2], found DT_FLOAT [9, 2];"
            + " Variable_2: expected DT_FLOAT [8, 2], found DT_FLOAT [9, 2]; and ");
  }

  @Test
  void thereIsNoCollectionRecon() throws IOException {
    edit(metaGraph -> metaGraph.removeCollectionDef("recon"));
    Output output = importMeta();
    assertThat(output.exitCode()).as(output.err()).isZero();
    assertThat(output.err()).contains("found a variational autoencoder");
    assertThat(output.out()).contains("to recon = recon:0");
  }

  /** Then it is what the graph ends in. */
  @Test
  void nothingIsCompared() throws IOException {
    edit(
        metaGraph -> {
          metaGraph.removeCollectionDef("recon");
          metaGraph.getGraphDefBuilder().getNodeBuilderList().stream()
              .filter(node -> List.of("Mul", "Log").contains(node.getOp()))
              .filter(node -> !node.getInputList().contains("epsilon"))
              .forEach(node -> node.setOp("Maximum"));
        });
    Output output = importMeta();
    assertThat(output.exitCode()).as(output.err()).isZero();
    assertThat(output.err()).contains("found a variational autoencoder");
    assertThat(output.out()).contains("to recon = recon:0");
  }

  @Test
  void thereIsNoSampler() throws IOException {
    edit(metaGraph -> retype(metaGraph, "epsilon", "RandomUniform"));
    Output output = importMeta();
    assertThat(output.exitCode()).as(output.err()).isZero();
    assertThat(output.err()).contains("found an autoencoder without a sampler");
    assertThat(output.out()).contains("from z = " + z());
  }

  @Test
  void theLatentTensorIsNotThere() {
    assertRefused(
        "model.meta: expected the tensor no_such:0 of --latent-tensor in the graph, found no such op",
        "--latent-tensor",
        "no_such:0");
  }

  @Test
  void theLatentTensorsOpHasNoSuchOutput() {
    assertRefused(
        "model.meta: expected z as float32 in rows, found z_mean:3 of no known type",
        "--latent-tensor",
        "z_mean:3");
  }

  @Test
  void anOpHasANameThatTensorFlowJavaKeepsForItself() throws IOException {
    edit(metaGraph -> rename(metaGraph, "z_std", "Initial/z_std"));
    assertRefused("model.meta: expected no op whose name begins with Init");
  }

  @Test
  void theImageTensorDoesNotLeadToRecon() {
    assertRefused(
        "expected --image-tensor to lead to recon:0, found that noise_input:0 does not",
        "--image-tensor",
        "noise_input");
  }

  @Test
  void theMetaGraphIsAnotherSteps() throws IOException {
    Files.move(tf1.resolve("model.meta"), tf1.resolve("model-1.meta"));
    assertRefused(
        "model.meta: expected a meta graph, found no such file; --meta FILE names that of another");
    String meta = tf1.resolve("model-1.meta").toString();
    assertThat(importMeta("--meta", meta).exitCode()).isZero();
  }

  @Test
  void thePathIsAPatternToTensorFlow() throws IOException {
    Path pattern = folder.resolve("a[1]");
    FileUtils.copyDirectory(tf1.toFile(), pattern.toFile());
    tf1 = pattern;
    assertRefused("expected a path without [ ] * ? \\, found a pattern");
  }

  @Test
  void theNoiseGoesOnTheImages() throws IOException {
    edit(
        metaGraph -> {
          retype(metaGraph, "epsilon", "RandomUniform");
          // X + noise in the place of X.
          NodeDef.Builder noisy =
              metaGraph.getGraphDefBuilder().addNodeBuilder().setName("noisy").setOp("AddV2");
          noisy.addInput("X").addInput("noise").putAttr("T", FLOAT);
          NodeDef.Builder shape =
              metaGraph.getGraphDefBuilder().addNodeBuilder().setName("shape").setOp("Shape");
          shape.addInput("X").putAttr("T", FLOAT).putAttr("out_type", INT32);
          NodeDef.Builder noise = metaGraph.getGraphDefBuilder().addNodeBuilder().setName("noise");
          noise.setOp("RandomStandardNormal").addInput("shape");
          noise.putAttr("T", INT32).putAttr("dtype", FLOAT);
          for (NodeDef.Builder node : metaGraph.getGraphDefBuilder().getNodeBuilderList()) {
            if (node.getOp().equals("MatMul") && node.getInput(0).equals("X")) {
              node.setInput(0, "noisy");
            }
          }
        });
    Output output = importMeta();
    assertThat(output.exitCode()).as(output.err()).isZero();
    assertThat(output.err()).contains("found an autoencoder without a sampler");
  }

  @Test
  void thePrefixIsAFolderOfNoModel() throws IOException {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    Output output = Output.of("import-meta", empty.toString());
    assertThat(output.exitCode()).isEqualTo(ExitCode.MODEL);
    assertThat(output.err())
        .contains("empty: expected a TF1 model, found neither a file checkpoint");
  }

  @Test
  void thePrefixIsAFolderOfOne() {
    Path base = folder.resolve("from a folder");
    Output output = Output.of("import-meta", tf1.toString(), "--saved-model", base.toString());
    assertThat(output.exitCode()).as(output.err()).isZero();
    assertThat(output.err()).contains("taking " + tf1.resolve("model"));
  }

  @Test
  void theLatentTensorIsPassedBy() {
    assertRefused(
        "expected recon:0 to depend on the images through z = z_mean:0 alone",
        "--latent-tensor",
        "z_mean");
  }

  @Test
  void theSaverIsDamaged() throws IOException {
    edit(metaGraph -> metaGraph.getSaverDefBuilder().setRestoreOpName("nowhere"));
    assertRefused("model.meta: expected an op nowhere in the graph, found none");
  }

  @Test
  void anOpThatIsNeededIsUnknown() throws IOException {
    edit(metaGraph -> retype(metaGraph, "z_mean", "NobodyKnows"));
    assertRefused(
        "model.meta: expected ops that such models need, found NobodyKnows (z_mean); --allow-op");
    assertRefused(
        "model.meta: expected z as float32 [batch, size], found", "--allow-op", "NobodyKnows");
  }

  private void assertRefused(String message, String... options) {
    Map<String, Long> before = files();
    Output output = importMeta(options);
    assertThat(output.exitCode()).as(output.err()).isEqualTo(ExitCode.MODEL);
    assertThat(output.err().lines().filter(line -> !line.startsWith("device: ")))
        .singleElement()
        .asString()
        .startsWith("error: " + tf1)
        .contains(message);
    assertThat(output.out()).isEmpty();
    assertThat(folder.resolve("models")).doesNotExist();
    assertThat(files()).isEqualTo(before);
  }

  private Output importMeta(String... options) {
    String[] args = {
      "import-meta",
      tf1.resolve("model").toString(),
      "--saved-model",
      folder.resolve("models").toString()
    };
    return Output.of(
        Stream.concat(Arrays.stream(args), Arrays.stream(options)).toArray(String[]::new));
  }

  private Map<String, Long> files() {
    Map<String, Long> sizes = new TreeMap<>();
    if (Files.exists(folder)) {
      FileUtils.listFiles(folder.toFile(), null, true)
          .forEach(file -> sizes.put(file.toString(), file.length()));
    }
    return sizes;
  }

  private static Path export(String name, NetworkShape shape) throws IOException {
    Path base = shared.resolve(name);
    try (var model = new SmallModel(shape, 1)) {
      model.publish(base);
    }
    Path tf1 = base.resolve("tf1");
    Output.ofSuccess("export-meta", tf1.resolve("model"), "--saved-model", base);
    return tf1;
  }

  private void edit(Consumer<MetaGraphDef.Builder> change) throws IOException {
    Path file = tf1.resolve("model.meta");
    MetaGraphDef.Builder metaGraph = MetaGraphDef.parseFrom(Files.readAllBytes(file)).toBuilder();
    change.accept(metaGraph);
    Files.write(file, metaGraph.build().toByteArray());
  }

  private static void retype(MetaGraphDef.Builder metaGraph, String name, String type) {
    for (NodeDef.Builder node : metaGraph.getGraphDefBuilder().getNodeBuilderList()) {
      if (node.getName().equals(name)) {
        node.setOp(type);
      }
    }
  }

  private static void rename(MetaGraphDef.Builder metaGraph, String from, String to) {
    for (NodeDef.Builder node : metaGraph.getGraphDefBuilder().getNodeBuilderList()) {
      if (node.getName().equals(from)) {
        node.setName(to);
      }
      for (int i = 0; i < node.getInputCount(); i++) {
        if (node.getInput(i).equals(from)) {
          node.setInput(i, to);
        }
      }
    }
  }

  /** The name of the sampler's sum. */
  private String z() throws IOException {
    return MetaGraphDef.parseFrom(Files.readAllBytes(tf1.resolve("model.meta")))
        .getGraphDef()
        .getNodeList()
        .stream()
        .filter(node -> node.getOp().startsWith("Add") && node.getInput(0).equals("z_mean"))
        .findFirst()
        .orElseThrow()
        .getName();
  }
}

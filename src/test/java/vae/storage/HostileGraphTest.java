package vae.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.CollectionDef;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NameAttrList;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;
import vae.chaos.ChaosRow;
import vae.chaos.ChaosTable;
import vae.checkpoint.Tf1Checkpoint;
import vae.checkpoint.Tf1Export;
import vae.config.Device;
import vae.files.ModelException;
import vae.imports.Tf1Import;
import vae.metagraph.AllowedOps;
import vae.metagraph.GraphHints;
import vae.tensor.Values;
import vae.testing.HostileOp;
import vae.testing.Output;
import vae.testing.SmallModel;

/** Graphs of strangers that do more than a model needs: refused by name before they are loaded. */
@ChaosRow(
    order = 7,
    test = "hostile graphs, one per refused op",
    holds = "refused, and their side effect did not happen")
class HostileGraphTest {
  private static final float[][] NOISE = {{1, 2}};

  @TempDir private static Path whole;
  @TempDir private Path folder;
  private Path savedModel;
  private Path tf1;
  private Path file;

  @BeforeAll
  static void publish() throws IOException {
    try (SmallModel model = new SmallModel(1)) {
      Path saved = model.publish(whole.resolve("models"));
      Files.delete(saved.resolve(Manifest.FILE)); // As another program's.
      Tf1Export.write(model.inSession(), whole.resolve("tf1/model"));
    }
  }

  @BeforeEach
  void copy() throws IOException {
    FileUtils.copyDirectory(whole.toFile(), folder.toFile());
    savedModel = folder.resolve("models/1");
    tf1 = folder.resolve("tf1/model");
    file = folder.resolve("written");
  }

  @AfterAll
  static void count() {
    ChaosTable.note(
        "%d ops, each in a SavedModel and in a TF1 meta graph".formatted(refused().count()));
  }

  static Stream<HostileOp> refused() {
    return Stream.concat(
        HostileOp.writing(Path.of("written")).stream(), HostileOp.others().stream());
  }

  static Stream<String> writing() {
    return HostileOp.writing(Path.of("written")).stream().map(HostileOp::type);
  }

  @ParameterizedTest
  @MethodSource("refused")
  void anOpThatTheDecoderWaitsFor(HostileOp any) throws IOException {
    HostileOp op = writingHere(any.type()).orElse(any);
    changeSavedModel(graph -> op.before("generate", graph));
    assertRefused(op, this::generate);
    changeTf1(graph -> op.before("recon", graph));
    assertRefused(op, () -> importAndGenerate(AllowedOps.STANDARD));
    assertThat(file).doesNotExist();
  }

  /** Without this, the test above might pass with ops that do nothing. */
  @ParameterizedTest
  @MethodSource("writing")
  void whatIsAllowedByNameDoesWrite(String type) throws IOException {
    HostileOp op = writingHere(type).orElseThrow();
    AllowedOps allowed = AllowedOps.STANDARD.with(List.of(type));
    changeSavedModel(graph -> op.before("generate", graph));
    try (LoadedModel model = StoredModel.read(savedModel, allowed).load(Device.CPU)) {
      assertThat(file).doesNotExist();
      model.vae().generate(Values.of(NOISE));
    }
    assertThat(file).exists();
    Files.delete(file);
    changeTf1(graph -> op.before("recon", graph));
    importAndGenerate(allowed);
    assertThat(file).exists();
  }

  @ParameterizedTest
  @ValueSource(strings = {"saved_model_main_op", "legacy_init_op"})
  void anInitOp(String collection) throws IOException {
    HostileOp op = writingHere("WriteFile").orElseThrow();
    changeModel(
        model ->
            model.toBuilder()
                .setGraphDef(op.before("none", model.getGraphDef()))
                .putCollectionDef(collection, nodes(HostileOp.NAME))
                .build());
    assertRefused(op, this::generate);
    assertThat(file).doesNotExist();
    StoredModel.read(savedModel, AllowedOps.STANDARD.with(List.of("WriteFile")))
        .load(Device.CPU)
        .close();
    assertThat(file).exists();
  }

  @Test
  void anInitOpThatIsASignature() throws IOException {
    HostileOp op = writingHere("WriteFile").orElseThrow();
    var init =
        SignatureDef.newBuilder()
            .putOutputs(
                "__saved_model_init_op", TensorInfo.newBuilder().setName(HostileOp.NAME).build());
    changeModel(
        model ->
            model.toBuilder()
                .setGraphDef(op.before("none", model.getGraphDef()))
                .putSignatureDef("__saved_model_init_op", init.build())
                .build());
    assertRefused(op, this::generate);
    assertThat(file).doesNotExist();
  }

  /** Ours are run in their place: theirs are not even loaded. */
  @ParameterizedTest
  @ValueSource(
      strings = {"save/restore_all", "save/control_dependency", "save/filename", "train_op"})
  void whatNothingNeedsNeverRuns(String victim) throws IOException {
    HostileOp op = writingHere("WriteFile").orElseThrow();
    changeSavedModel(graph -> op.before(victim, graph));
    changeTf1(graph -> op.before(victim, graph));
    generate();
    importAndGenerate(AllowedOps.STANDARD);
    assertThat(file).doesNotExist();
  }

  @Test
  void aFunctionIsRefusedByItsNameAndItsBodyIsLookedAt() throws IOException {
    HostileOp op = writingHere("WriteFile").orElseThrow();
    changeSavedModel(graph -> calling("innocent", op, graph));
    assertThatThrownBy(this::generate)
        .hasMessageContaining("found innocent (evil), WriteFile (evil); --allow-op");
    assertThatThrownBy(
            () ->
                StoredModel.read(savedModel, AllowedOps.STANDARD.with(List.of("innocent")))
                    .load(Device.CPU))
        .hasMessageContaining("found WriteFile (evil); --allow-op");
    assertThat(file).doesNotExist();
  }

  @Test
  void aFunctionMayNotGoByTheNameOfAnOp() throws IOException {
    HostileOp op = writingHere("WriteFile").orElseThrow();
    changeSavedModel(graph -> calling("NoOp", op, graph));
    assertThatThrownBy(this::generate).hasMessageContaining("NoOp (evil)");
    assertThat(file).doesNotExist();
  }

  @Test
  void aFunctionInAnAttributeIsLookedAt() throws IOException {
    HostileOp op = writingHere("WriteFile").orElseThrow();
    changeSavedModel(
        graph -> {
          GraphDef.Builder changed = calling("body", op, graph).toBuilder();
          NodeDef.Builder call = changed.getNodeBuilder(changed.getNodeCount() - 1);
          call.setOp("PartitionedCall")
              .putAttr(
                  "f",
                  AttrValue.newBuilder()
                      .setFunc(NameAttrList.newBuilder().setName("body"))
                      .build());
          return changed.build();
        });
    assertThatThrownBy(
            () ->
                StoredModel.read(savedModel, AllowedOps.STANDARD.with(List.of("PartitionedCall")))
                    .load(Device.CPU))
        .hasMessageContaining("found WriteFile (evil); --allow-op");
  }

  /** A few bytes that say they are terabytes. */
  @Test
  void aConstantOfUntoldSize() throws IOException {
    var value =
        TensorProto.newBuilder()
            .setDtype(DataType.DT_FLOAT)
            .setTensorShape(shape(1_000_000, 1_000_000))
            .addFloatVal(1);
    var evil =
        new HostileOp(
            "Const",
            List.of(
                NodeDef.newBuilder()
                    .setName(HostileOp.NAME)
                    .setOp("Const")
                    .putAttr("dtype", AttrValue.newBuilder().setType(DataType.DT_FLOAT).build())
                    .putAttr("value", AttrValue.newBuilder().setTensor(value).build())
                    .build()));
    changeSavedModel(graph -> evil.before("generate", graph));
    assertThatThrownBy(this::generate)
        .isInstanceOf(ModelException.class)
        .hasMessageEndingWith(
            "saved_model.pb: expected tensors of at most 268,435,456 values, found evil of 1.00e+12");
  }

  /**
   * One of half the size allowed passes; with another, and the rest of the graph, it is too much.
   */
  @Test
  void constantsThatAreTooLargeTogether() throws IOException {
    changeSavedModel(graph -> withConstants(1, graph));
    StoredModel.read(savedModel, AllowedOps.STANDARD);
    changeSavedModel(graph -> withConstants(2, graph));
    assertThatThrownBy(() -> StoredModel.read(savedModel, AllowedOps.STANDARD))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("expected constants of at most 268,435,456 values together");
  }

  /** Of the kind {@code _XlaMustCompile}, which would switch a compiler on. */
  @Test
  void ordersToCompilersAreForgotten() throws IOException {
    changeSavedModel(
        graph -> {
          GraphDef.Builder changed = graph.toBuilder();
          changed
              .getNodeBuilderList()
              .forEach(
                  node ->
                      node.putAttr("_XlaMustCompile", AttrValue.newBuilder().setB(true).build()));
          return changed.build();
        });
    GraphDef needed = StoredModel.read(savedModel, AllowedOps.STANDARD).needed().graph();
    assertThat(needed.getNodeList())
        .isNotEmpty()
        .allSatisfy(
            node ->
                assertThat(node.getAttrMap().keySet())
                    .noneMatch(attribute -> attribute.startsWith("_")));
    generate();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "generate:0", // of itself: a cycle
        "nobody:0",
        "noise_input:7",
        "noise_input:-1",
        "",
        "^",
        "^nobody",
        ":0",
        "a b"
      })
  void inputsThatCanNotBe(String input) throws IOException {
    changeSavedModel(
        graph -> {
          GraphDef.Builder changed = graph.toBuilder();
          changed.getNodeBuilderList().stream()
              .filter(node -> node.getName().equals("generate"))
              .forEach(node -> node.clearInput().addInput(input));
          return changed.build();
        });
    assertThatThrownBy(this::generate).isInstanceOf(ModelException.class);
  }

  /** Ops that wait for themselves, or have nothing to work on, where the search looks into them. */
  @ParameterizedTest
  @CsvSource({
    "save/restore_all, Assign, ''",
    "save/restore_all, RestoreV2, ''",
    "save/restore_all, Identity, evil",
    "recon, Identity, evil",
    "recon, MatMul, evil evil",
    "recon, Exp, ''",
    "recon, Add, ''",
    "recon, Mul, evil",
    "recon, Tanh, evil"
  })
  void opsThatCanNotWork(String victim, String type, String inputs) throws IOException {
    var node = NodeDef.newBuilder().setName(HostileOp.NAME).setOp(type);
    for (String input : inputs.isEmpty() ? new String[0] : inputs.split(" ")) {
      node.addInput(input);
    }
    var op = new HostileOp(type, List.of(node.build()));
    UnaryOperator<GraphDef> change =
        graph -> {
          GraphDef.Builder changed = op.before(victim, graph).toBuilder();
          for (NodeDef.Builder other : changed.getNodeBuilderList()) {
            boolean isRead =
                victim.equals("recon")
                    ? other.getName().equals("recon")
                    : other.getOp().equals("Assign") && other.getName().startsWith("save/");
            if (isRead) {
              other.setInput(
                  other.getInputCount() > 1 && !other.getInput(1).startsWith("^") ? 1 : 0,
                  HostileOp.NAME);
            }
          }
          return changed.build();
        };
    changeSavedModel(change);
    changeTf1(change);
    assertThatThrownBy(this::generate).isInstanceOf(ModelException.class);
    assertThatThrownBy(() -> importAndGenerate(AllowedOps.STANDARD))
        .isInstanceOf(ModelException.class);
  }

  /** Another machine is asked for nothing: where an op ran does not matter here. */
  @Test
  void devicesOfOthersAreForgotten() throws IOException {
    changeSavedModel(
        graph -> {
          GraphDef.Builder changed = graph.toBuilder();
          changed
              .getNodeBuilderList()
              .forEach(node -> node.setDevice("/job:worker/task:3/device:GPU:7"));
          return changed.build();
        });
    generate();
  }

  @Test
  void theCommandsSaySoInOneLine() throws IOException {
    HostileOp op = writingHere("WriteFile").orElseThrow();
    changeSavedModel(graph -> op.before("generate", graph));
    String[] generate = {
      "generate",
      "--z",
      "1,2",
      "--saved-model",
      savedModel.toString(),
      "--out",
      folder.resolve("a.png").toString()
    };
    Output refused = Output.of(generate);
    assertThat(refused.exitCode()).isEqualTo(4);
    assertThat(refused.err().lines().filter(line -> line.startsWith("error: ")))
        .containsExactly(
            "error: "
                + savedModel.resolve("saved_model.pb")
                + ": expected ops that such models need, found WriteFile (evil); --allow-op NAME lets"
                + " one in");
    assertThat(file).doesNotExist();
    Output allowed =
        Output.of(
            Stream.concat(Stream.of(generate), Stream.of("--allow-op", "WriteFile"))
                .toArray(String[]::new));
    assertThat(allowed.exitCode()).as(allowed.err()).isZero();
    assertThat(file).hasContent("was here");
  }

  private Optional<HostileOp> writingHere(String type) {
    return HostileOp.writing(file).stream().filter(op -> op.type().equals(type)).findFirst();
  }

  private void generate() throws IOException {
    try (LoadedModel model = LoadedModel.open(savedModel, Device.CPU)) {
      model.vae().generate(Values.of(NOISE));
    }
  }

  private void importAndGenerate(AllowedOps allowed) throws IOException {
    Tf1Import read = Tf1Import.of(Tf1Checkpoint.at(tf1), GraphHints.NONE, allowed);
    try (LoadedModel model = read.restore(Device.CPU)) {
      model.vae().reconstruct(Values.of(new float[1][SmallModel.SHAPE.input()]));
    }
  }

  private static void assertRefused(HostileOp op, ThrowingCallable load) {
    assertThatThrownBy(load)
        .isInstanceOf(ModelException.class)
        .hasMessageEndingWith(
            ": expected ops that such models need, found %s (evil); --allow-op NAME lets one in"
                .formatted(op.type()));
  }

  /** A graph whose decoder waits for a function that does what an op does. */
  private static GraphDef calling(String name, HostileOp op, GraphDef graph) {
    var function =
        FunctionDef.newBuilder()
            .setSignature(OpDef.newBuilder().setName(name).setIsStateful(true))
            .addAllNodeDef(op.nodes());
    var call = NodeDef.newBuilder().setName(HostileOp.NAME).setOp(name).build();
    GraphDef.Builder changed =
        new HostileOp(name, List.of(call)).before("generate", graph).toBuilder();
    changed.getLibraryBuilder().addFunction(function);
    return changed.build();
  }

  private void changeSavedModel(UnaryOperator<GraphDef> change) throws IOException {
    changeModel(model -> model.toBuilder().setGraphDef(change.apply(model.getGraphDef())).build());
  }

  private void changeModel(UnaryOperator<MetaGraphDef> change) throws IOException {
    Path graph = savedModel.resolve("saved_model.pb");
    SavedModel model = SavedModel.parseFrom(Files.readAllBytes(graph));
    SavedModel changed =
        model.toBuilder().setMetaGraphs(0, change.apply(model.getMetaGraphs(0))).build();
    Files.write(graph, changed.toByteArray());
  }

  private void changeTf1(UnaryOperator<GraphDef> change) throws IOException {
    Path meta = Path.of(tf1 + ".meta");
    MetaGraphDef model = MetaGraphDef.parseFrom(Files.readAllBytes(meta));
    Files.write(
        meta,
        model.toBuilder().setGraphDef(change.apply(model.getGraphDef())).build().toByteArray());
  }

  private static CollectionDef nodes(String name) {
    return CollectionDef.newBuilder()
        .setNodeList(CollectionDef.NodeList.newBuilder().addValue(name))
        .build();
  }

  private static TensorShapeProto shape(long... sizes) {
    var shape = TensorShapeProto.newBuilder();
    for (long size : sizes) {
      shape.addDim(TensorShapeProto.Dim.newBuilder().setSize(size));
    }
    return shape.build();
  }

  /** Constants for which the decoder waits, each half as large as is allowed. */
  private static GraphDef withConstants(int count, GraphDef graph) {
    GraphDef.Builder changed = graph.toBuilder();
    List<String> names = IntStream.range(0, count).mapToObj(i -> "large" + i).toList();
    changed.getNodeBuilderList().stream()
        .filter(node -> node.getName().equals("generate"))
        .forEach(node -> names.forEach(name -> node.addInput("^" + name)));
    for (String name : names) {
      var value =
          TensorProto.newBuilder()
              .setDtype(DataType.DT_FLOAT)
              .setTensorShape(shape(1 << 27))
              .addFloatVal(1);
      changed.addNode(
          NodeDef.newBuilder()
              .setName(name)
              .setOp("Const")
              .putAttr("dtype", AttrValue.newBuilder().setType(DataType.DT_FLOAT).build())
              .putAttr("value", AttrValue.newBuilder().setTensor(value).build()));
    }
    return changed.build();
  }
}

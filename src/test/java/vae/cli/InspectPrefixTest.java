package vae.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.proto.CollectionDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedModel;
import vae.testing.Output;
import vae.testing.PythonModels;
import vae.testing.SmallModel;

/** {@code inspect PREFIX}: what it says of models, Python's and spoilt ones, and that it is so. */
class InspectPrefixTest {
  private static Path models;
  private static Set<Path> before;

  @TempDir private Path own;

  @BeforeAll
  static void letPythonWriteTheModels() throws IOException {
    models = PythonModels.of("make_functions.py");
    before = files();
  }

  @AfterEach
  void nothingIsWritten() throws IOException {
    assertThat(files()).isEqualTo(before);
  }

  private static Set<Path> files() throws IOException {
    try (Stream<Path> walk = Files.walk(models)) {
      return new TreeSet<>(walk.toList());
    }
  }

  static Stream<Path> sources() throws IOException {
    try (Stream<Path> list = Files.list(models)) {
      List<Path> sources = new ArrayList<>();
      for (Path model : list.sorted().toList()) {
        for (String form : List.of("checkpoint", "frozen.pb")) {
          if (Files.exists(model.resolve(form))) {
            sources.add(model.resolve(form));
          }
        }
      }
      return sources.stream();
    }
  }

  @ParameterizedTest
  @MethodSource("sources")
  void whatItSaysToPasteBringsItOver(Path source) {
    List<String> lines = Output.ofSuccess("inspect", source).out().lines().toList();
    String command = lines.get(lines.indexOf("next") + 1).strip();
    assertThat(command).startsWith("scripts/vae import-meta ");
    String[] words = command.split(" ");
    List<Object> args = new ArrayList<>(Arrays.asList(words).subList(1, words.length));
    args.addAll(List.of("--saved-model", own));
    assertThat(Output.ofSuccess(args.toArray()).err()).contains("saved " + own.resolve("1"));
  }

  @Test
  void theTutorialsModelIsSeenAsWhatItIs() throws IOException {
    Path tf1 = tutorials();
    String text = Output.ofSuccess("inspect", tf1.resolve("model")).out();
    assertThat(text)
        .containsPattern("X:0 +float32 +\\[\\?, 16] +Placeholder +could be images")
        .contains("z of a variational autoencoder")
        .containsPattern("in 'recon'; could be images")
        .contains("30 variables, of which the checkpoint has 30")
        .containsPattern("next\n  scripts/vae import-meta \\S*model\n");
  }

  @Test
  void aPartOfTheVariablesIsSaid() {
    String text = Output.ofSuccess("inspect", models.resolve("actor/checkpoint")).out();
    assertThat(text)
        .contains("26 variables, of which the checkpoint has 6")
        .containsPattern("critic/dense/kernel .*not in the checkpoint")
        .contains("actor/action:0");
  }

  @Test
  void aLostCheckpointIsSaid() throws IOException {
    Path tf1 = tutorials();
    Files.delete(tf1.resolve("model.index"));
    assertThat(Output.ofSuccess("inspect", tf1.resolve("model")).out())
        .contains("expected the index of a V2 checkpoint");
  }

  @Test
  void aDamagedMetaGraphIsOneLine() throws IOException {
    Path tf1 = tutorials();
    byte[] bytes = Files.readAllBytes(tf1.resolve("model.meta"));
    Files.write(tf1.resolve("model.meta"), Arrays.copyOf(bytes, bytes.length / 2));
    Output output = Output.of("inspect", tf1.resolve("model").toString());
    assertThat(output.exitCode()).isEqualTo(ExitCode.MODEL);
    assertThat(output.err()).contains("model.meta: expected a whole meta graph");
    assertThat(output.out()).isEmpty();
  }

  @Test
  void whatWouldBeRefusedIsSaid() throws IOException {
    Path tf1 = tutorials();
    edit(
        tf1,
        metaGraph -> {
          for (NodeDef.Builder node : metaGraph.getGraphDefBuilder().getNodeBuilderList()) {
            if (node.getOp().equals("Sigmoid")) {
              node.setOp("PyFunc").setName(node.getName());
            }
          }
        });
    assertThat(Output.ofSuccess("inspect", tf1.resolve("model")).out()).contains("PyFunc");
  }

  @Test
  void aRefusedSavedModelIsToldOfBySignature() throws IOException {
    Path saved = own.resolve("saved");
    FileUtils.copyDirectory(models.resolve("three/saved").toFile(), saved.toFile());
    Path file = saved.resolve("saved_model.pb");
    SavedModel.Builder model = SavedModel.parseFrom(Files.readAllBytes(file)).toBuilder();
    MetaGraphDef.Builder metaGraph = model.getMetaGraphsBuilder(0);
    String key = new TreeSet<>(metaGraph.getSignatureDefMap().keySet()).first();
    String output =
        metaGraph.getSignatureDefOrThrow(key).getOutputsMap().values().iterator().next().getName();
    for (NodeDef.Builder node : metaGraph.getGraphDefBuilder().getNodeBuilderList()) {
      if (output.equals(node.getName() + ":0")) {
        node.setOp("PyFunc");
      }
    }
    Files.write(file, model.build().toByteArray());
    Output refused = Output.of("inspect", "--saved-model", saved.toString());
    assertThat(refused.exitCode()).isEqualTo(ExitCode.MODEL);
    assertThat(refused.out())
        .contains(key + ": expected ops that such models need, found PyFunc")
        .contains("nothing that was seen");
    String json = Output.of("inspect", "--json", "--saved-model", saved.toString()).out();
    assertThat(json).startsWith("{").contains("\"refused\"").contains("\"" + key + "\" : \"exp");
  }

  @Test
  void controlCharactersAreNotPrinted() throws IOException {
    Path tf1 = tutorials();
    edit(
        tf1,
        metaGraph ->
            metaGraph.putCollectionDef(
                "a\033[31m\nb",
                CollectionDef.newBuilder()
                    .setNodeList(CollectionDef.NodeList.newBuilder().addValue("x\u0007y"))
                    .build()));
    String text = Output.ofSuccess("inspect", tf1.resolve("model")).out();
    assertThat(text.replace("\n", "")).doesNotContainPattern("\\p{Cntrl}");
  }

  @ParameterizedTest
  @MethodSource("sources")
  void programsReadTheSame(Path source) throws IOException {
    String text = Output.ofSuccess("inspect", source).out();
    String json = Output.ofSuccess("inspect", "--json", source).out();
    int tensors = 0;
    try (JsonParser parser = new JsonFactory().createParser(json)) {
      while (parser.nextToken() != null) {
        if (parser.currentToken() == JsonToken.VALUE_STRING
            && "tensor".equals(parser.currentName())) {
          assertThat(text).contains(parser.getText());
          tensors++;
        }
      }
    }
    assertThat(tensors).isPositive();
  }

  @FunctionalInterface
  private interface Edit {
    void apply(MetaGraphDef.Builder metaGraph);
  }

  private static void edit(Path tf1, Edit edit) throws IOException {
    MetaGraphDef.Builder metaGraph =
        MetaGraphDef.parseFrom(Files.readAllBytes(tf1.resolve("model.meta"))).toBuilder();
    edit.apply(metaGraph);
    Files.write(tf1.resolve("model.meta"), metaGraph.build().toByteArray());
  }

  private Path tutorials() throws IOException {
    Path base = own.resolve("java");
    try (var model = new SmallModel(SmallModel.SHAPE, 1)) {
      model.publish(base);
    }
    Path tf1 = own.resolve("tf1");
    Output.ofSuccess("export-meta", tf1.resolve("model"), "--saved-model", base);
    FileUtils.deleteDirectory(base.toFile());
    return tf1;
  }
}

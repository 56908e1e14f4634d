package vae.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import vae.config.Device;
import vae.files.ModelException;
import vae.storage.LoadedModel;
import vae.storage.ModelStore;
import vae.tensor.Values;
import vae.testing.ChildJvm;
import vae.testing.Output;
import vae.testing.PythonModels;
import vae.testing.PythonTensorFlow;

/**
 * TF1 models of every kind that Python wrote (scripts/dev/make_functions.py): called from Java,
 * over HTTP, and brought over from their checkpoints and frozen graphs, which Python then calls.
 */
class AnyFunctionTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  /**
   * One for good: of some thousand rewired graphs there is one over which TensorFlow itself ends
   * the process; see SECURITY.md.
   */
  private static final String SEED = "4";

  @TempDir private static Path folder;
  private static Path models;

  @BeforeAll
  static void letPythonWriteTheModels() throws IOException {
    models = PythonModels.of("make_functions.py");
  }

  @AfterAll
  static void letPythonCallWhatWasBroughtOver() throws IOException {
    for (String kind : List.of("checkpoint", "frozen")) {
      PythonTensorFlow.run("check_functions.py", models, folder.resolve(kind));
    }
  }

  private static Stream<String> having(String form) throws IOException {
    try (Stream<Path> list = Files.list(models)) {
      return list
          .filter(model -> Files.exists(model.resolve(form)))
          .map(model -> model.getFileName().toString())
          .sorted()
          .toList()
          .stream();
    }
  }

  static Stream<String> saved() throws IOException {
    return having("saved/saved_model.pb");
  }

  static Stream<String> checkpoints() throws IOException {
    return having("checkpoint/model.meta");
  }

  static Stream<String> frozen() throws IOException {
    return having("frozen.pb");
  }

  @Test
  void thereAreManyKinds() throws IOException {
    assertThat(saved()).hasSizeGreaterThan(35);
    assertThat(checkpoints()).hasSizeGreaterThan(30);
    assertThat(frozen()).hasSizeGreaterThan(3);
  }

  @ParameterizedTest
  @MethodSource("saved")
  void isCalledAndServed(String name) throws Exception {
    var store = new ModelStore(models.resolve(name).resolve("saved"));
    try (var predictor = new Predictor(store, path -> LoadedModel.open(path, Device.CPU));
        var server =
            new ModelServer(name, predictor, Set.of(), Set.of(), path -> Optional.empty())) {
      int port =
          server.start(ModelServer.LOCALHOST, new ModelServer.Ports(0, OptionalInt.empty())).http();
      for (FunctionCase function : FunctionCase.of(models.resolve(name))) {
        function.requireOutputs(predictor.predict(function.signature(), function.fed()));
        function.requireAnswer(ask(port, name, function.body(false)), false);
        if (function.rows()) {
          function.requireAnswer(ask(port, name, function.body(true)), true);
        }
      }
    }
  }

  @Test
  void aBatchThatIsWrittenIntoTheGraphIsFound() throws Exception {
    Values all = z("written_batch");
    try (LoadedModel model = open("written_batch")) {
      float[][] whole = model.vae().generate(all).matrix();
      float[][] some = model.vae().generate(all.part(3, 8)).matrix();
      for (int i = 0; i < some.length; i++) {
        assertThat(some[i]).containsExactly(whole[3 + i], within(1e-6f));
      }
    }
  }

  @Test
  void rowsThatDependOnEachOtherAreNotFilledUp() throws Exception {
    Values some = z("training_norm").part(3, 8);
    try (LoadedModel model = open("training_norm")) {
      assertThatThrownBy(() -> model.vae().generate(some))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("expected the 16 rows that are written into the graph");
    }
  }

  private static Values z(String name) throws Exception {
    Map<String, Values> fed = FunctionCase.of(models.resolve(name)).get(0).fed();
    return fed.values().iterator().next();
  }

  private static LoadedModel open(String name) throws IOException {
    return LoadedModel.open(models.resolve(name).resolve("saved"), Device.CPU);
  }

  /** In a process of its own: a crash would be seen. */
  @Test
  void spoiltRequestsAndGraphsAreRefusedOrAnswered() throws Exception {
    Path log = folder.resolve("log");
    Process reader =
        ChildJvm.start(
            log,
            MutatedFunctions.class,
            models.toString(),
            Files.createDirectory(folder.resolve("copies")).toString(),
            "700",
            "300",
            SEED);
    boolean ended = reader.waitFor(10, TimeUnit.MINUTES);
    reader.destroyForcibly();
    List<String> lines = Files.readAllLines(log);
    String tail = String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
    assertThat(ended).as(tail).isTrue();
    assertThat(reader.exitValue()).as(tail).isZero();
    System.out.println(lines.get(lines.size() - 1));
  }

  private static byte[] ask(int port, String model, String body) throws Exception {
    URI uri = URI.create("http://127.0.0.1:%d/v1/models/%s:predict".formatted(port, model));
    HttpResponse<byte[]> answer =
        CLIENT.send(
            HttpRequest.newBuilder(uri).POST(HttpRequest.BodyPublishers.ofString(body)).build(),
            HttpResponse.BodyHandlers.ofByteArray());
    assertThat(answer.statusCode())
        .as(new String(answer.body(), StandardCharsets.UTF_8))
        .isEqualTo(200);
    return answer.body();
  }

  @ParameterizedTest
  @MethodSource("checkpoints")
  void isBroughtOverFromItsCheckpoint(String name) throws Exception {
    bringOver(name, models.resolve(name).resolve("checkpoint/model"), "checkpoint");
  }

  @ParameterizedTest
  @MethodSource("frozen")
  void isBroughtOverFromItsFrozenGraph(String name) throws Exception {
    bringOver(name, models.resolve(name).resolve("frozen.pb"), "frozen");
  }

  private static void bringOver(String name, Path source, String kind) throws Exception {
    Path base = folder.resolve(kind).resolve(name);
    List<Object> args = new ArrayList<>(List.of("import-meta", source, "--saved-model", base));
    List<FunctionCase> functions = FunctionCase.of(models.resolve(name));
    for (FunctionCase function : functions) {
      args.addAll(List.of("--signature", function.signature()));
      for (Map.Entry<String, FunctionCase.Named> input : function.inputs().entrySet()) {
        args.addAll(List.of("--input", input.getKey() + "=" + input.getValue().tensor()));
      }
      for (Map.Entry<String, FunctionCase.Named> output : function.outputs().entrySet()) {
        args.addAll(List.of("--output", output.getKey() + "=" + output.getValue().tensor()));
      }
    }
    assertThat(Output.ofSuccess(args.toArray()).err()).contains("saved " + base.resolve("1"));
    try (LoadedModel model = LoadedModel.open(base.resolve("1"), Device.CPU)) {
      assertThat(model.manifest()).isPresent();
      for (FunctionCase function : functions) {
        function.requireOutputs(model.predict(function.signature(), function.fed()));
      }
    }
  }
}

package vae.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import vae.config.Device;
import vae.storage.LoadedModel;
import vae.testing.Output;
import vae.testing.PythonTensorFlow;

/**
 * TF1 generative models that Python wrote as people write them (scripts/make_generative.py),
 * brought over with no name given.
 */
class GenerativeModelsTest {
  private static final int GENERATIVE = 86;
  private static final int OTHERS = 8;

  @TempDir private static Path folder;
  private static Path models;

  @BeforeAll
  static void letPythonWriteTheModels() throws IOException {
    PythonTensorFlow.require();
    models = folder.resolve("models");
    PythonTensorFlow.run("make_generative.py", models);
  }

  @AfterAll
  static void letPythonCallWhatWasBroughtOver() throws IOException {
    PythonTensorFlow.run("check_functions.py", models, folder.resolve("imported"));
  }

  static List<Path> generative() throws IOException {
    return models(true);
  }

  static List<Path> others() throws IOException {
    return models(false);
  }

  private static List<Path> models(boolean isGenerative) throws IOException {
    try (Stream<Path> list = Files.list(models)) {
      return list.filter(model -> isNone(model) != isGenerative).sorted().toList();
    }
  }

  private static boolean isNone(Path model) {
    try {
      return Files.readString(model.resolve("case.json")).contains("\"kind\": \"none\"");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void noneIsMissing() throws IOException {
    assertThat(generative()).hasSize(GENERATIVE);
    assertThat(others()).hasSize(OTHERS);
  }

  @ParameterizedTest
  @MethodSource("generative")
  void isFoundWithNoNameGiven(Path model) throws IOException, ServingException {
    Path base = folder.resolve("imported").resolve(model.getFileName());
    Output.ofSuccess("import-meta", model.resolve("model"), "--saved-model", base);
    try (LoadedModel loaded = LoadedModel.open(base.resolve("1"), Device.CPU)) {
      for (FunctionCase function : FunctionCase.of(model)) {
        function.requireOutputs(loaded.predict(function.signature(), function.fed()));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("others")
  void whatGeneratesNothingIsRefused(Path model) {
    Path base = folder.resolve("refused");
    Output output =
        Output.of(
            "import-meta", model.resolve("model").toString(), "--saved-model", base.toString());
    assertThat(output.exitCode()).isEqualTo(4);
    assertThat(output.err().lines().filter(line -> line.startsWith("error: ")))
        .singleElement()
        .asString()
        .contains("expected a generative model, found no");
    assertThat(base).doesNotExist();
  }
}

package vae.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
import vae.testing.FileBytes;
import vae.testing.Output;
import vae.testing.PythonModels;
import vae.testing.PythonTensorFlow;

/**
 * TF1 generative models that Python wrote as people write them (scripts/dev/make_generative.py),
 * brought over with no name given.
 */
class GenerativeModelsTest {
  private static final int GENERATIVE = 91;
  private static final int OTHERS = 8;

  @TempDir private static Path folder;
  private static Path models;

  @BeforeAll
  static void letPythonWriteTheModels() throws IOException {
    models = PythonModels.of("make_generative.py");
  }

  @AfterAll
  static void letPythonCallWhatWasBroughtOver() throws IOException {
    PythonTensorFlow.run("check_functions.py", models, folder.resolve("imported"));
  }

  static List<Path> generative() throws IOException {
    return models("vae", "autoencoder", "generator");
  }

  static List<Path> others() throws IOException {
    return models("none");
  }

  private static List<Path> models(String... kinds) throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> list = Files.list(models)) {
      for (Path model : list.sorted().toList()) {
        String json = Files.readString(model.resolve("case.json"));
        if (Stream.of(kinds).anyMatch(kind -> json.contains("\"kind\": \"" + kind + '"'))) {
          found.add(model);
        }
      }
    }
    return found;
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
    requireSame(model, base);
  }

  private static void requireSame(Path model, Path base) throws IOException, ServingException {
    try (LoadedModel loaded = LoadedModel.open(base.resolve("1"), Device.CPU)) {
      for (FunctionCase function : FunctionCase.of(model)) {
        function.requireOutputs(loaded.predict(function.signature(), function.fed()));
      }
    }
  }

  @Test
  void ofTwoReadingsNoneIsTaken() throws IOException, ServingException {
    Path model = models.resolve("two_models");
    Path base = folder.resolve("one of two");
    String prefix = model.resolve("model").toString();
    Output output = Output.of("import-meta", prefix, "--saved-model", base.toString());
    assertThat(output.exitCode()).isEqualTo(4);
    assertThat(base).doesNotExist();
    List<String> lines =
        output.err().lines().filter(line -> line.startsWith("  scripts/vae ")).toList();
    assertThat(lines).hasSize(2);

    List<Object> words = new ArrayList<>(List.of(lines.get(0).strip().split(" ", -1)));
    words.remove(0);
    words.addAll(List.of("--saved-model", base));
    Output.ofSuccess(words.toArray());
    requireSame(model, base);
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

  @Test
  void labelsAreGivenByName() throws IOException {
    Path base = imported("conditional_one_hot");
    Path picture = folder.resolve("labels.png");
    List<Object> words =
        List.of("generate", "--saved-model", base, "--count", "4", "--out", picture);
    Output missing = Output.of(words.stream().map(Object::toString).toArray(String[]::new));
    assertThat(missing.exitCode()).isEqualTo(4);
    assertThat(missing.err())
        .contains("expected a value of the input y_true, float [-1,5]; --input y_true=VALUES");

    List<Object> labelled = new ArrayList<>(words);
    labelled.addAll(List.of("--input", "y_true=one-hot:0;0,0,0,0,1"));
    Output.ofSuccess(labelled.toArray());
    assertThat(picture).isNotEmptyFile();

    List<String> wrong = new ArrayList<>(words.stream().map(Object::toString).toList());
    wrong.addAll(List.of("--input", "y_true=1,2"));
    Output refused = Output.of(wrong.toArray(String[]::new));
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).contains("expected float [-1,5], rows of 5 numbers, found 2");
  }

  @Test
  void anAutoencodersPlaneIsThatOfItsCodes() throws IOException {
    Path base = imported("plain_autoencoder");
    String model = base.toString();
    Output drawn = Output.of("generate", "--saved-model", model, "--count", "2");
    assertThat(drawn.exitCode()).isEqualTo(2);
    assertThat(drawn.err()).contains("an autoencoder has no prior to draw from");

    Path images = Files.write(folder.resolve("images-idx3-ubyte"), images(5, 8));
    Path picture = folder.resolve("plane.png");
    Output manifold =
        Output.ofSuccess(
            "manifold", "--saved-model", base, "--side", "3", "--images", images, "--out", picture);
    assertThat(manifold.err()).contains("an autoencoder has no prior: the plane is as wide as");
    assertThat(picture).isNotEmptyFile();

    Output evaluated = Output.of("evaluate", "--saved-model", model, "--images", images.toString());
    assertThat(evaluated.exitCode()).isEqualTo(4);
    assertThat(evaluated.err()).contains("expected a VAE, found an autoencoder");

    Path table = folder.resolve("codes.csv");
    Output.ofSuccess(
        "encode", "--saved-model", base, "--images", images, "--csv", table, "--out", picture);
    assertThat(Files.readAllLines(table).get(0))
        .isEqualTo("z_mean1,z_mean2,z_mean3,z_mean4,z_mean5,z_mean6,label");
  }

  private static byte[] images(int count, int side) {
    byte[] pixels = new byte[count * side * side];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i * 37);
    }
    return FileBytes.idx(pixels, count, side, side);
  }

  private static Path imported(String kind) {
    Path base = folder.resolve("by hand").resolve(kind);
    if (!Files.exists(base)) {
      Path model = models.resolve(kind).resolve("model");
      Output.ofSuccess("import-meta", model, "--saved-model", base);
    }
    return base;
  }
}

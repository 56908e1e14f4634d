package vae.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import vae.config.Seed;
import vae.config.TrainingPlan;
import vae.testing.Output;

/** Train, generate, inspect, one after another as a user would, with the tutorial's network. */
class CommandsTest {
  @TempDir private static Path folder;
  private static Path models;
  private static Output training;

  @BeforeAll
  static void train() {
    models = folder.resolve("models");
    training = train(models);
  }

  @Test
  void trainPrintsTheTutorialsLines() {
    assertThat(training.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(training.out())
        .matches(
            "step 1 ,loss \\d+\\.\\d{4}\\n"
                + "step 10 ,loss \\d+\\.\\d{4}\\n"
                + "step 20 ,loss \\d+\\.\\d{4}\\n"
                + "optimization finished\\n");
    assertThat(training.err().lines())
        .hasSize(4)
        .anyMatch("device: CPU"::equals)
        .anyMatch(
            line ->
                line.matches("training 784-512-2-512-784 on 60,000 images, seed 42, threads \\d+"))
        .anyMatch(line -> line.matches("25 steps, \\d+\\.\\d s, \\d+ steps/s"))
        .anyMatch(("saved " + models.resolve("1"))::equals);
  }

  @Test
  void aSeedMakesTwoRunsEqualByteForByte() throws IOException {
    Path again = folder.resolve("again");
    assertThat(train(again).out()).isEqualTo(training.out());
    try (var files = Files.walk(models.resolve("1")).filter(Files::isRegularFile)) {
      assertThat(files)
          .hasSize(10)
          .allSatisfy(
              file ->
                  assertThat(again.resolve(models.relativize(file))).hasSameBinaryContentAs(file));
    }
  }

  /** Of the known sums, design and mnist/README name the images': it is the unpacked IDX file's. */
  @Test
  void verifyTellsWhatTheModelIs() throws IOException {
    assertThat(Output.ofSuccess("verify", "--saved-model", models).out())
        .matches(
            Pattern.quote(models.resolve("1").toString())
                + ": 9 files, [\\d,]+ bytes, as the manifest says\n"
                + "trained 784-512-2-512-784, seed 42, threads \\d+, 60,000 images; loss at step 25:"
                + " \\d+\\.\\d{4}\n"
                + "decodes as when it was published, largest difference \\d\\.\\de[+-]\\d+\n");
    assertThat(Files.readString(models.resolve("1/assets.extra/manifest.json")))
        .contains("ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db");
  }

  @Test
  void generateDrawsThePointsGivenAndWritesTheirValues() throws IOException {
    Path png = folder.resolve("two.png");
    Path csv = folder.resolve("two.csv");
    Output output =
        command("generate", "--z", "-1.5,0.25", "--z", "0,0", "--out", png, "--csv", csv);
    assertThat(output.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(output.out().lines()).hasSize(12);

    List<String> lines = Files.readAllLines(csv);
    assertThat(lines).hasSize(2).doesNotHaveDuplicates();
    BufferedImage picture = ImageIO.read(png.toFile());
    for (int image = 0; image < 2; image++) {
      String[] values = lines.get(image).split(",", -1);
      assertThat(values).hasSize(784);
      for (int pixel = 0; pixel < 784; pixel++) {
        float value = Float.parseFloat(values[pixel]);
        assertThat(value).isBetween(0f, 1f);
        int x = 8 + image * 288 + pixel % 28 * 10;
        int y = 8 + pixel / 28 * 10;
        assertThat(picture.getRGB(x, y) & 0xff).isEqualTo(Math.round(value * 255));
      }
    }
  }

  @Test
  void generateDrawsTheTutorialsThreePointsByDefault() throws IOException {
    Path png = folder.resolve("three.png");
    Path csv = folder.resolve("three.csv");
    Path explicit = folder.resolve("explicit.csv");
    command("generate", "--out", png, "--csv", csv);
    command("generate", "--z=3,3", "--z=0,0", "--z=0,5", "--out", png, "--csv", explicit);
    assertThat(csv).hasSameBinaryContentAs(explicit);
    assertThat(Files.readAllLines(csv)).hasSize(3);
  }

  @Test
  void inspectPrintsWhatTheTutorialPrints() throws IOException {
    Output output = command("inspect");
    assertThat(output.exitCode()).isEqualTo(ExitCode.OK);
    List<String> tutorial = tutorialsLines();
    assertThat(tutorial).hasSize(40);
    List<String> listed =
        output.out().lines().filter(line -> line.startsWith("<tf.Variable")).toList();
    assertThat(listed).isEqualTo(tutorial);
    assertThat(output.out())
        .contains("['recon', 'train_op', 'trainable_variables', 'variables']")
        .contains("(2, 512)     a[3]  Variable_3  weights['decoder_h1']")
        .contains("(784,)       a[9]  Variable_9  biases['decoder_out']")
        .contains("  encode: image (-1, 784) X:0 -> z_mean (-1, 2) z_mean:0, z_std (-1, 2) z_std:0")
        .contains("  generate: noise (-1, 2) noise_input:0 -> image (-1, 784) generate:0")
        .contains("  serving_default: image (-1, 784) X:0 -> recon (-1, 784) recon:0");
  }

  @Test
  void inspectWritesJsonForPrograms() throws IOException {
    Output output = command("inspect", "--json");
    assertThat(output.exitCode()).isEqualTo(ExitCode.OK);
    Path file = folder.resolve("model.json");
    assertThat(command("inspect", "--json", "--out", file).out()).isEmpty();
    assertThat(file).hasContent(output.out());
    List<String> names = new ArrayList<>();
    List<String> roles = new ArrayList<>();
    try (JsonParser json = new JsonFactory().createParser(output.out())) {
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        if (token == JsonToken.VALUE_STRING && "name".equals(json.currentName())) {
          names.add(json.getText());
        } else if (token == JsonToken.VALUE_STRING && "role".equals(json.currentName())) {
          roles.add(json.getText());
        }
      }
    }
    assertThat(names).hasSize(40).contains("Variable:0", "Variable_9/RMSProp_1:0");
    assertThat(roles)
        .hasSize(40)
        .startsWith("weights['encoder_h1']", "weights['z_mean']")
        .endsWith("momentum of biases['decoder_out']");
  }

  @Test
  void everyCommandHasHelp() {
    for (String command : List.of("train", "generate", "inspect", "probe")) {
      Output output = Output.of(command, "--help");
      assertThat(output.exitCode()).isEqualTo(ExitCode.OK);
      assertThat(output.out()).contains("--saved-model", "--device", "-v, --verbose", "-h, --help");
    }
    assertThat(Output.of("unpack", "--help").out())
        .contains("--mnist", "--out", "-v, --verbose", "-h, --help")
        .doesNotContain("--saved-model");
    assertThat(Output.of("--help").out())
        .contains("Exit codes:")
        .containsPattern("7\\s+training came to a loss");
  }

  @Test
  void namesItsVersions() {
    Output output = Output.of("--version");
    assertThat(output.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(output.out()).matches("vae .+, TensorFlow 2\\.18\\.\\d+, Java \\S+\\R");
  }

  @Test
  void theDefaultsAreTheTutorials() {
    var options = new PlanOptions();
    new CommandLine(CommandSpec.create().addMixin("plan", CommandSpec.forAnnotatedObject(options)))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .parseArgs("--seed", "7");
    assertThat(options.plan(784)).isEqualTo(TrainingPlan.tutorial(new Seed(7)));
  }

  /** The lines of the post; the file says where they are from. */
  private static List<String> tutorialsLines() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("src/test/resources/tutorial-listing.txt"))) {
      return lines.filter(line -> !line.startsWith("#")).toList();
    }
  }

  private static Output train(Path base) {
    return Output.of(
        "train",
        "--steps",
        "25",
        "--log-every",
        "10",
        "--seed",
        "42",
        "--saved-model",
        base.toString());
  }

  private static Output command(Object... args) {
    List<String> all = new ArrayList<>(Stream.of(args).map(Object::toString).toList());
    all.addAll(List.of("--saved-model", models.toString()));
    return Output.of(all.toArray(String[]::new));
  }
}

package vae.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.jr.ob.JSON;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vae.config.Device;
import vae.config.NetworkShape;
import vae.config.Seed;
import vae.evaluate.Brackets;
import vae.evaluate.Elbo;
import vae.functions.Posterior;
import vae.mnist.Images;
import vae.mnist.MnistFiles;
import vae.storage.ImageCodes;
import vae.storage.LoadedModel;
import vae.testing.Output;
import vae.testing.PythonTensorFlow;
import vae.testing.ShortTraining;
import vae.testing.SmallMnist;
import vae.testing.SmallModel;

/** The commands that tell which noise gives which digit, on a model of a short training. */
class LatentCommandsTest {
  @TempDir private static Path folder;
  private static Path models;
  private static Output training;

  @TempDir private Path work;

  @BeforeAll
  static void train() {
    models = folder.resolve("models");
    training =
        ShortTraining.of(models, "--validation", 1_000, "--tensorboard", folder.resolve("events"));
  }

  @BeforeEach
  void onlyTheModel() {
    assertThat(models.resolve("1")).isDirectory();
  }

  @Test
  void trainLogsTheValidationLossToo() {
    assertThat(training.out())
        .matches(
            "(step \\d+ ,loss \\d+\\.\\d{4} ,validation \\d+\\.\\d{4}\\n){4}optimization finished\\n");
    assertThat(training.err()).contains("784-64-2-64-784 on 59,000 images");
  }

  @Test
  void theManifestTellsTheWholePlan() throws IOException {
    assertThat(Files.readString(models.resolve("1/assets.extra/manifest.json")))
        .contains("\"optimizer\" : \"Adam\"", "\"schedule\" : \"COSINE\"")
        .contains("\"binarised\" : true", "\"beta\" : 1.0", "\"held_out\" : 1000");
  }

  /** What is in the events is what was printed. */
  @Test
  void tensorBoardReadsTheEvents() throws IOException {
    PythonTensorFlow.require();
    String read =
        PythonTensorFlow.run(
            "check_tensorboard.py", folder.resolve("events"), 1, 500, 1_000, 1_500);
    Matcher logged =
        Pattern.compile("step (\\d+) ,loss (\\S+) ,validation (\\S+)").matcher(training.out());
    while (logged.find()) {
      float loss = value(read, "loss " + logged.group(1));
      assertThat(loss).isCloseTo(Float.parseFloat(logged.group(2)), within(1e-4f));
      assertThat(value(read, "loss/validation " + logged.group(1)))
          .isCloseTo(Float.parseFloat(logged.group(3)), within(1e-4f));
      float kl = value(read, "loss/kl " + logged.group(1));
      float reconstruction = value(read, "loss/reconstruction " + logged.group(1));
      assertThat(kl).isPositive();
      assertThat(kl + reconstruction).isCloseTo(loss, within(1e-2f));
    }
  }

  @Test
  void evaluateAgreesWithItself() throws IOException {
    Map<String, Object> found =
        json(command("evaluate", "--limit", 300, "--samples", 2_000, "--json"));
    double elbo = number(found, "negative_elbo");
    assertThat(number(found, "reconstruction") + number(found, "kl")).isCloseTo(elbo, within(1e-6));
    double exact = number(found, "quadrature_nll");
    assertThat(exact).isLessThan(elbo);
    assertThat(number(found, "iwae_nll")).isCloseTo(exact, within(0.5)).isLessThan(elbo);
    assertThat(found).containsEntry("active_units", 2).containsEntry("images", 300);
    assertThat(number(found, "pixel_entropy")).isLessThan(exact);
    assertThat(number(found, "independent_pixels")).isGreaterThan(elbo);
    Output table = command("evaluate", "--limit", 300, "--samples", 0);
    assertThat(table.out())
        .contains("-ELBO              %.2f +- ".formatted(elbo))
        .contains("active units       2 of 2");
  }

  /** The brackets of all 10,000 test images, as the field knows them. */
  @Test
  void theBracketsAreMnists() throws IOException {
    Images test = new MnistFiles(Path.of("mnist")).test();
    Brackets brackets = Brackets.of(test.rows(test.count()));
    assertThat(brackets.entropy()).isCloseTo(45.5, within(0.1));
    assertThat(brackets.independent()).isCloseTo(205.8, within(0.2));
  }

  @Test
  void encodeWritesWhatTheModelEncodes() throws IOException {
    Path csv = work.resolve("codes.csv");
    Path png = work.resolve("codes.png");
    command("encode", "--csv", csv, "--out", png);
    List<String> lines = Files.readAllLines(csv);
    assertThat(lines).hasSize(10_001).startsWith("z_mean1,z_mean2,z_std1,z_std2,label");
    Images test = new MnistFiles(Path.of("mnist")).test();
    try (LoadedModel model = LoadedModel.open(models.resolve("1"), Device.CPU)) {
      Posterior codes = model.vae().encode(test.values(0, 3));
      for (int i = 0; i < 3; i++) {
        String[] fields = lines.get(i + 1).split(",", -1);
        assertThat(Float.parseFloat(fields[0])).isCloseTo(codes.zMean()[i][0], within(1e-5f));
        assertThat(Float.parseFloat(fields[3])).isCloseTo(codes.zStd()[i][1], within(1e-5f));
        assertThat(fields[4]).isEqualTo(String.valueOf(test.labels().of(i)));
      }
    }
    assertThat(ImageIO.read(png.toFile()).getWidth()).isGreaterThan(1_000);
  }

  @Test
  void encodeTakesAnImageList() throws IOException {
    Path list = Files.writeString(work.resolve("list.txt"), "a.png 7\n");
    writeDigit(work.resolve("a.png"), false);
    Path csv = work.resolve("codes.csv");
    command("encode", "--image-list", list, "--csv", csv, "--out", work.resolve("codes.png"));
    assertThat(Files.readAllLines(csv)).hasSize(2).last().asString().endsWith(",7");
  }

  @Test
  void manifoldDrawsBothGrids() throws IOException {
    for (String grid : List.of("linear", "quantiles")) {
      Path png = work.resolve(grid + ".png");
      command("manifold", "--grid", grid, "--side", 5, "--out", png);
      assertThat(ImageIO.read(png.toFile()).getWidth()).isEqualTo(5 * 56);
    }
    assertThat(work.resolve("linear.png"))
        .satisfies(
            png ->
                assertThat(Files.readAllBytes(png))
                    .isNotEqualTo(Files.readAllBytes(work.resolve("quantiles.png"))));
  }

  @Test
  void atlasNeedsNoDataAndItsPointsGiveTheirDigits() throws IOException {
    Path png = work.resolve("atlas.png");
    Path csv = work.resolve("atlas.csv");
    Map<String, Object> atlas =
        json(command("atlas", "--mnist", work, "--out", png, "--csv", csv, "--json"));
    assertThat(ImageIO.read(png.toFile()).getHeight()).isGreaterThan(1_000);
    assertThat(Files.readAllLines(csv)).hasSize(11);
    double share = 0;
    for (Object each : list(atlas, "classes")) {
      @SuppressWarnings("unchecked") // An object of JSON.
      var region = (Map<String, Object>) each;
      share += number(region, "prior_share");
      List<?> z = list(region, "z");
      Map<String, Object> place =
          json(command("what-is", "--z=" + z.get(0) + "," + z.get(1), "--json"));
      assertThat(((Number) list(place, "p_image").get((int) number(region, "label"))).doubleValue())
          .isCloseTo(number(region, "p_image"), within(1e-2));
    }
    assertThat(share + number(atlas, "empty_share")).isCloseTo(1, within(1e-6));
  }

  /** Only a plane's regions have areas; elsewhere the column would hold no number. */
  @Test
  void anAtlasOfMoreThanAPlaneHasNoAreas() throws IOException {
    Path deep = work.resolve("deep");
    List<Object> training = new ArrayList<>(List.of("train", "--steps", 20, "--seed", 1));
    training.addAll(List.of("--hidden", 8, "--latent", 5, "--saved-model", deep));
    training.addAll(List.of("--mnist", SmallMnist.in(work.resolve("mnist"))));
    Output.ofSuccess(training.toArray());
    Path csv = work.resolve("deep.csv");
    Output atlas = Output.ofSuccess("atlas", "--saved-model", deep, "--csv", csv);
    assertThat(atlas.out()).startsWith("class  a z that gives it").doesNotContain("area", "NaN");
    assertThat(atlas.err()).contains("no map");
    assertThat(Files.readString(csv))
        .startsWith("class,z1,z2,z3,z4,z5,p_image,p_codes,prior_share,")
        .doesNotContain("area", "NaN");
    Path png = work.resolve("deep.png");
    Output drawn = Output.ofSuccess("generate", "--saved-model", deep, "--out", png);
    assertThat(drawn.err()).contains("16 images");
  }

  @Test
  void whatIsWarnsOfTheTutorialsPoint() {
    Output output = command("what-is", "--z", "3,3");
    assertThat(output.out())
        .contains("|z| = 4.24; 1.2e-04 of the prior lies farther out")
        .contains("warning: off the prior")
        .containsPattern("nearest training images:( \\d \\(image [\\d,]+\\)){8}");
    assertThat(command("what-is", "--z", "0.1,0.1").out()).doesNotContain("warning: off");
  }

  /** Their labels are in the model; only their pictures are not. */
  @Test
  void theNearestImagesAreToldWithoutThem() throws IOException {
    Path png = work.resolve("place.png");
    Output at = command("what-is", "--z", "0.1,0.1", "--out", png);
    assertThat(at.err()).contains("each z's image, and its nearest training images");
    assertThat(ImageIO.read(png.toFile()).getWidth()).isEqualTo(9 * 174 + 6);
    Output without = command("what-is", "--z", "0.1,0.1", "--out", png, "--mnist", work);
    assertThat(without.out())
        .isEqualTo(at.out())
        .containsPattern("nearest training images:( \\d \\(image [\\d,]+\\)){8}");
    assertThat(without.err()).contains("note: the picture lacks the nearest images: ");
    assertThat(ImageIO.read(png.toFile()).getWidth()).isEqualTo(174 + 6);
  }

  @Test
  void theImagesHeldOutAreNotAmongTheCodes() throws IOException {
    try (LoadedModel model = LoadedModel.open(models.resolve("1"), Device.CPU)) {
      ImageCodes codes = model.labelling().orElseThrow().codes();
      assertThat(codes.count()).isEqualTo(59_000);
      Images train = new MnistFiles(Path.of("mnist")).train();
      assertThat(codes.imagesSha256()).isEqualTo(train.part(0, 59_000).sha256());
    }
  }

  @Test
  void generateDrawsADigit() throws IOException {
    Path csv = work.resolve("ones.csv");
    Object[] args = {
      "generate", "--digit", 1, "--count", 20, "--csv", csv, "--out", work.resolve("ones.png")
    };
    String first = command(args).out();
    assertThat(Files.readAllLines(csv)).hasSize(20);
    assertThat(command(args).out()).isEqualTo(first);
    List<Double> probabilities =
        first
            .lines()
            .skip(1)
            .limit(20)
            .map(line -> Double.valueOf(line.strip().split("\\s+", -1)[1]))
            .toList();
    assertThat(probabilities).hasSize(20).allMatch(p -> p > 0.5);
  }

  @Test
  void interpolateWalksBetweenAllKindsOfEnds() throws IOException {
    writeDigit(work.resolve("a.png"), true);
    Path strip = work.resolve("strip.png");
    Output output =
        command("interpolate", work.resolve("a.png"), "0.5,-0.5", "--count", 5, "--out", strip);
    assertThat(output.err()).contains("to 0.5000,-0.5000");
    assertThat(ImageIO.read(strip.toFile()).getWidth()).isEqualTo(5 * 116 + 4);
    ImageReader gif = ImageIO.getImageReadersByFormatName("gif").next();
    try (var in = ImageIO.createImageInputStream(work.resolve("strip.gif").toFile())) {
      gif.setInput(in);
      assertThat(gif.getNumImages(true)).isEqualTo(8);
    } finally {
      gif.dispose();
    }
  }

  @Test
  void interpolateGoesFromTheBestPointOfAClassToAnothers() throws IOException {
    List<?> classes =
        list(json(command("atlas", "--json", "--out", work.resolve("a.png"))), "classes");
    Output output = command("interpolate", "7", "0", "--out", work.resolve("strip.png"));
    assertThat(output.err())
        .contains("images from z = %s to %s".formatted(point(classes, 7), point(classes, 0)));
  }

  private static String point(List<?> classes, int label) {
    @SuppressWarnings("unchecked") // An object of JSON.
    var region = (Map<String, Object>) classes.get(label);
    List<?> z = list(region, "z");
    return "%.4f,%.4f".formatted((Double) z.get(0), (Double) z.get(1));
  }

  /** A picture's score is the ELBO of what MNIST would have made of it. */
  @Test
  void scoreSeesADigitHoweverItIsDrawn() throws IOException {
    Images test = new MnistFiles(Path.of("mnist")).test();
    Path asItIs = work.resolve("as-it-is.png");
    writeDigit(asItIs, false);
    Path onPaper = work.resolve("on-paper.png");
    writeDigit(onPaper, true);
    Output output =
        command("score", asItIs, onPaper, "--json", "--out", work.resolve("scored.png"));
    List<String> lines = output.out().lines().toList();
    Map<String, Object> first = JSON.std.mapFrom(lines.get(0));
    try (LoadedModel model = LoadedModel.open(models.resolve("1"), Device.CPU)) {
      double expected = Elbo.of(model, test.rows(1), 50, new Seed(1), (done, of) -> {}).of(0);
      assertThat(number(first, "negative_elbo")).isCloseTo(expected, within(3.0));
    }
    assertThat(number(first, "percentile")).isBetween(0.0, 100.0);
    // Large, black on white, off the middle: nearly the same image again.
    Map<String, Object> second = JSON.std.mapFrom(lines.get(1));
    assertThat(number(second, "negative_elbo"))
        .isCloseTo(number(first, "negative_elbo"), within(40.0));
  }

  @Test
  void reconstructDrawsImagesAndWhatBecomesOfThem() throws IOException {
    Path png = work.resolve("reconstructed.png");
    command("reconstruct", "--count", 12, "--out", png);
    BufferedImage picture = ImageIO.read(png.toFile());
    assertThat(picture.getWidth()).isEqualTo(10 * 116 + 4);
    assertThat(picture.getHeight()).isEqualTo(4 * 116 + 4);
  }

  @Test
  void anAtlasIsPublishedForAModelThatHasNone() throws IOException {
    Path others = work.resolve("models");
    Path mnist = SmallMnist.in(work.resolve("mnist"));
    try (SmallModel small = new SmallModel(new NetworkShape(784, 8, 2), 1)) {
      small.publish(others);
    }
    Output refused = Output.of("generate", "--digit", "1", "--saved-model", others.toString());
    assertThat(refused.exitCode()).isEqualTo(ExitCode.MODEL);
    assertThat(refused.err()).contains("the command atlas publishes it with them");
    Path png = work.resolve("atlas.png");
    Output output =
        Output.ofSuccess("atlas", "--saved-model", others, "--mnist", mnist, "--out", png);
    assertThat(output.err()).contains("saved " + others.resolve("2"));
    Output.ofSuccess("verify", "--saved-model", others);
    Output.ofSuccess("what-is", "--z", "0,0", "--saved-model", others, "--mnist", mnist);
    assertThat(others.resolve("1/assets.extra/codes")).doesNotExist();
    assertThat(others.resolve("2/assets.extra/judge/judge.json")).exists();
  }

  @Test
  void optionsThatDoNotGoTogetherAreRefused() {
    assertRefused("expected --digit with it", "generate", "--confidence", "0.5");
    assertRefused("expected one of them, found both", "generate", "--count", "3", "--z", "1,1");
    assertRefused("expected one of them, found both", "generate", "--digit", "3", "--z", "1,1");
    assertRefused(
        "--digit: expected one of 0, 1, 2",
        "generate",
        "--saved-model",
        models.toString(),
        "--digit",
        "10");
    assertRefused("--confidence must be", "generate", "--digit", "1", "--confidence", "1");
    assertRefused("--side must be between", "manifold", "--side", "0");
    assertRefused("--draws must be between", "evaluate", "--draws", "0");
    assertRefused("--count must be between", "interpolate", "1", "2", "--count", "1");
    assertRefused(
        "expected 2 values", "what-is", "--z", "1,2,3", "--saved-model", models.toString());
    assertRefused("beta must be a positive number", "train", "--beta", "0");
    assertRefused("--labels: expected --images", "encode", "--labels", "x");
  }

  private static void assertRefused(String message, String... args) {
    Output output = Output.of(args);
    assertThat(output.exitCode()).as(String.join(" ", args)).isEqualTo(ExitCode.USAGE);
    assertThat(output.err()).contains(message);
  }

  /** The first test image: as MNIST has it, or large, black on white and off the middle. */
  private static void writeDigit(Path file, boolean onPaper) throws IOException {
    Images test = new MnistFiles(Path.of("mnist")).test();
    byte[] bytes = test.bytes(0);
    int scale = onPaper ? 5 : 1;
    int side = 28 * scale + (onPaper ? 60 : 0);
    var picture = new BufferedImage(side, side, BufferedImage.TYPE_BYTE_GRAY);
    for (int y = 0; y < side; y++) {
      for (int x = 0; x < side; x++) {
        boolean inside = x < 28 * scale && y < 28 * scale;
        int value = inside ? bytes[y / scale * 28 + x / scale] & 0xff : 0;
        picture.getRaster().setSample(x, y, 0, onPaper ? 255 - value : value);
      }
    }
    ImageIO.write(picture, "png", file.toFile());
  }

  private static Output command(Object... args) {
    Object[] all = new Object[args.length + 2];
    System.arraycopy(args, 0, all, 0, args.length);
    all[args.length] = "--saved-model";
    all[args.length + 1] = models;
    return Output.ofSuccess(all);
  }

  private static Map<String, Object> json(Output output) throws IOException {
    return JSON.std.mapFrom(output.out());
  }

  private static List<?> list(Map<String, Object> json, String name) {
    return (List<?>) Objects.requireNonNull(json.get(name), name);
  }

  private static double number(Map<String, Object> json, String name) {
    return ((Number) Objects.requireNonNull(json.get(name), name)).doubleValue();
  }

  private static float value(String read, String name) {
    Matcher line = Pattern.compile("(?m)^" + Pattern.quote(name) + " (\\S+)$").matcher(read);
    assertThat(line.find()).as(name).isTrue();
    return Float.parseFloat(line.group(1));
  }
}

package vae.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.interactions.PointerInput;
import org.openqa.selenium.interactions.Sequence;
import vae.config.Device;
import vae.config.NetworkShape;
import vae.functions.Posterior;
import vae.latent.Atlas;
import vae.latent.CodesFit;
import vae.latent.Prior;
import vae.mnist.Images;
import vae.mnist.MnistFiles;
import vae.storage.Labelling;
import vae.storage.LoadedModel;
import vae.storage.ModelStore;
import vae.tensor.Values;
import vae.testing.Labellings;
import vae.testing.ShortTraining;
import vae.testing.SmallModel;

/**
 * The page in a real Chromium, against a model of a short training. Pictures of it are left in
 * {@code target/browser}.
 */
class ExplorePageTest {
  private static final Dimension DESK = new Dimension(1280, 1000);

  @TempDir private static Path folder;
  private static Path models;
  private static Predictor predictor;
  private static ModelServer server;
  private static LoadedModel model;
  private static Atlas atlas;
  private static Chromium chromium;
  private static ChromeDriver browser;
  private static String url;

  @BeforeAll
  static void open() throws IOException {
    models = folder.resolve("models");
    ShortTraining.of(models);
    model = LoadedModel.open(models.resolve("1"), Device.CPU);
    atlas = Atlas.of(model).orElseThrow();
    predictor = new Predictor(new ModelStore(models), at -> LoadedModel.open(at, Device.CPU));
    Images test = new MnistFiles(Path.of("mnist")).test();
    var points =
        new ExplorePage.Points(
            CodesFit.encode(model.vae()::encode, test, (done, of) -> {}).zMean(),
            test.labels().bytes());
    var page = new ExplorePage(model, Optional.of(points), Map.of());
    server = new ModelServer("vae", predictor, Set.of(), Set.of(), page::at);
    url =
        "http://localhost:"
            + server
                .start(ModelServer.LOCALHOST, new ModelServer.Ports(0, OptionalInt.empty()))
                .http()
            + "/";
    Files.writeString(folder.resolve("page.html"), page.alone());
    chromium = new Chromium(folder.resolve("profile"));
    browser = chromium.driver();
  }

  @AfterAll
  static void close() {
    chromium.close();
    server.close();
    predictor.close();
    model.close();
  }

  @BeforeEach
  void load() {
    browser.manage().window().setSize(DESK);
    visit(url);
  }

  /** Nothing that a page of ours does may be an error, or be forbidden by its own policy. */
  @AfterEach
  void noErrorIsLeft() {
    assertThat(chromium.problems()).isEmpty();
  }

  @Test
  void computesWhatTheModelComputes() throws IOException {
    checkAgainstTheModel();
  }

  @Test
  void theExportedFileComputesWhatTheModelComputes() throws IOException {
    visit(folder.resolve("page.html").toUri().toString());
    checkAgainstTheModel();
    browser.findElement(By.cssSelector("#pick button:nth-of-type(4)")).click();
    await("return document.getElementById('likeliest').textContent.startsWith('3')");
  }

  private static void checkAgainstTheModel() throws IOException {
    float[][] z = {{0, 0}, {1, -1.5f}, {-2, 0.5f}, {3, 3}, {0, 5}};
    float[][] images = model.vae().generate(Values.of(z)).matrix();
    for (int i = 0; i < z.length; i++) {
      List<?> found =
          (List<?>) js("return Array.from(explorer.network.decode(arguments[0]))", list(z[i]));
      assertClose(found, images[i], 1e-3);
      Atlas.Place place = atlas.at(z[i]);
      String at = "const place = explorer.atlas.at(arguments[0]); return ";
      assertThat(js(at + "place.hasCodes", list(z[i]))).isEqualTo(place.hasCodes());
      assertThat(((Number) js("return Prior.shareBeyond(arguments[0])", list(z[i]))).doubleValue())
          .isCloseTo(Prior.shareBeyond(z[i]), within(1e-12));
      List<?> p = (List<?>) js(at + "place.byCodes", list(z[i]));
      List<?> judged =
          (List<?>)
              js("return explorer.judge.of(explorer.network.decode(arguments[0]))", list(z[i]));
      for (int label = 0; label < place.byCodes().length; label++) {
        // Where more than 20,000 codes overlap, as in a model hardly trained, Java looks at some.
        assertThat(((Number) p.get(label)).doubleValue())
            .isCloseTo(place.byCodes()[label], within(0.02));
        assertThat(((Number) judged.get(label)).doubleValue())
            .isCloseTo(place.byImage()[label], within(1e-3));
      }
    }
    Images test = new MnistFiles(Path.of("mnist")).test();
    float[][] x = new float[3][test.pixelsPerImage()];
    for (int i = 0; i < x.length; i++) {
      test.copyPixels(i, x[i], 0);
    }
    Posterior posterior = model.vae().encode(Values.of(x));
    for (int i = 0; i < x.length; i++) {
      String q = "const q = explorer.network.encode(Float32Array.from(arguments[0])); return ";
      List<?> mean = (List<?>) js(q + "Array.from(q.mean)", list(x[i]));
      assertClose(mean, posterior.zMean()[i], 1e-3);
      float[] std = new float[posterior.zStd()[i].length];
      for (int k = 0; k < std.length; k++) {
        std[k] = (float) Math.exp(posterior.zStd()[i][k] / 2);
      }
      assertClose((List<?>) js(q + "Array.from(q.std)", list(x[i])), std, 1e-3);
    }
  }

  @Test
  void draggingMovesZAndTheDigit() {
    Object before = pixels();
    WebElement plane = browser.findElement(By.id("plane"));
    int quarter = plane.getSize().getWidth() / 4;
    new Actions(browser)
        .moveToElement(plane)
        .clickAndHold()
        .moveByOffset(quarter, -quarter)
        .release()
        .perform();
    await("return Math.abs(explorer.z[0] - 2) < 0.05 && Math.abs(explorer.z[1] - 2) < 0.05");
    assertThat(pixels()).isNotEqualTo(before);
    assertThat(Double.parseDouble(text("norm"))).isCloseTo(Math.sqrt(8), within(0.05));
    assertThat(text("beyond")).matches("1\\.[6-9] %|2\\.[0-2] %");
  }

  @Test
  void aLinkMayNameAZ() {
    visit(folder.resolve("page.html").toUri() + "#z=1.5,-0.25");
    assertThat(js("return explorer.z")).isEqualTo(List.of(1.5, -0.25));
  }

  @Test
  void hoveringOnlyLooks() {
    String before = text("command");
    WebElement plane = browser.findElement(By.id("plane"));
    int quarter = plane.getSize().getWidth() / 4;
    new Actions(browser).moveToElement(plane, quarter, quarter).perform();
    await("return explorer.preview !== null && Math.abs(explorer.preview[0] - 2) < 0.05");
    await("return document.getElementById('command').textContent !== arguments[0]", before);
    new Actions(browser).moveToElement(browser.findElement(By.id("about"))).perform();
    await("return document.getElementById('command').textContent === arguments[0]", before);
  }

  @Test
  void aFrameIsEnoughForADigit() {
    Number millis =
        (Number)
            js(
                "for (let i = 0; i < 50; i++) explorer.showNow([i / 25 - 1, 0.3]);"
                    + "const start = performance.now();"
                    + "for (let i = 0; i < 50; i++) explorer.showNow([i / 25 - 1, 0.3]);"
                    + "return (performance.now() - start) / 50");
    System.out.printf("a digit, its numbers and the plane in %.1f ms%n", millis.doubleValue());
    assertThat(millis.doubleValue()).isPositive(); // Reported; no test asserts a time.
  }

  @Test
  void theKeyboardIsEnough() {
    js("document.getElementById('plane').focus()");
    WebElement plane = browser.switchTo().activeElement();
    plane.sendKeys(Keys.HOME);
    await("return explorer.z.every((v) => v === 0)");
    plane.sendKeys(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, Keys.ARROW_UP);
    await("return Math.abs(explorer.z[0] - 0.2) < 1e-9 && Math.abs(explorer.z[1] - 0.1) < 1e-9");
    plane.sendKeys("6");
    await("return document.getElementById('likeliest').textContent.startsWith('6')");
    await("return document.getElementById('spoken').textContent.includes('Looks like 6')");
  }

  @Test
  void aFingerIsEnough() {
    WebElement plane = browser.findElement(By.id("plane"));
    var finger = new PointerInput(PointerInput.Kind.TOUCH, "finger");
    var from = PointerInput.Origin.fromElement(plane);
    int quarter = plane.getSize().getWidth() / 4;
    browser.perform(
        List.of(
            new Sequence(finger, 0)
                .addAction(finger.createPointerMove(Duration.ZERO, from, 0, 0))
                .addAction(finger.createPointerDown(0))
                .addAction(finger.createPointerMove(Duration.ofMillis(100), from, -quarter, 0))
                .addAction(finger.createPointerUp(0))));
    await("return Math.abs(explorer.z[0] + 2) < 0.05 && Math.abs(explorer.z[1]) < 0.05");
  }

  @Test
  void aTypedZIsTakenOrRefused() {
    WebElement z = browser.findElement(By.id("z"));
    z.clear();
    z.sendKeys("3, 3", Keys.ENTER);
    await("return explorer.z[0] === 3 && explorer.z[1] === 3");
    await("return document.getElementById('warning').textContent.startsWith('Off the prior')");
    assertThat(text("beyond")).isEqualTo("1.2e-4");
    z.clear();
    z.sendKeys("three", Keys.ENTER);
    await("return document.getElementById('z-error').textContent.startsWith('expected 2 numbers')");
  }

  @Test
  void whatIsDrawnIsEncoded() {
    WebElement pad = browser.findElement(By.id("pad"));
    browser.executeScript("arguments[0].scrollIntoView({block: 'center'})", pad);
    int side = pad.getSize().getWidth();
    new Actions(browser)
        .moveToElement(pad, 0, -side / 3)
        .clickAndHold()
        .moveByOffset(0, side / 3)
        .moveByOffset(0, side / 3)
        .release()
        .perform();
    await("return document.getElementById('posterior').textContent.startsWith('z_mean')");
    await("return document.getElementById('likeliest').textContent.startsWith('1')");
    Object recon = js("return document.getElementById('recon').toDataURL()");
    browser.findElement(By.id("resample")).click();
    assertThat(js("return document.getElementById('recon').toDataURL()")).isNotEqualTo(recon);
    picture("drawn.png");
    browser.findElement(By.id("clear")).click();
    await("return document.getElementById('posterior').textContent === ''");
  }

  @Test
  void oneWalksFromAToB() {
    js("explorer.moveTo([-1, 1])");
    browser.findElement(By.id("pin-a")).click();
    js("explorer.moveTo([1, 0])");
    browser.findElement(By.id("pin-b")).click();
    WebElement way = browser.findElement(By.id("way"));
    way.sendKeys(Keys.END);
    await("return explorer.z[0] === 1 && explorer.z[1] === 0");
    way.sendKeys(Keys.HOME);
    await("return explorer.z[0] === -1 && explorer.z[1] === 1");
    browser.findElement(By.id("play")).click();
    await("return explorer.z[0] === 1 && explorer.z[1] === 0");
  }

  @Test
  void fitsADeskAndAPhoneLightAndDark() {
    for (String scheme : List.of("light", "dark")) {
      browser.executeCdpCommand(
          "Emulation.setEmulatedMedia",
          Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
      browser.executeCdpCommand("Emulation.clearDeviceMetricsOverride", Map.of());
      checkWidth();
      picture("desk-" + scheme + ".png");
      browser.executeCdpCommand(
          "Emulation.setDeviceMetricsOverride",
          Map.of("width", 390, "height", 844, "deviceScaleFactor", 2, "mobile", true));
      checkWidth();
      picture("phone-" + scheme + ".png");
    }
    browser.executeCdpCommand("Emulation.clearDeviceMetricsOverride", Map.of());
    browser.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("features", List.of()));
  }

  /** The plane shows two axes, sliders move the others; without codes it shows no digits. */
  @ParameterizedTest
  @CsvSource({"1, true", "3, true", "3, false", "2, false"})
  void modelsOfOtherLatentSizesHaveSliders(int latent, boolean withCodes) throws IOException {
    Path base = folder.resolve("latent-" + latent + withCodes);
    Optional<Labelling> labelling =
        withCodes ? Optional.of(Labellings.of(Labellings.codes(latent), 784)) : Optional.empty();
    try (var small = new SmallModel(new NetworkShape(784, 8, latent), 4)) {
      small.publish(base, labelling);
    }
    Path file = folder.resolve("latent.html");
    try (LoadedModel other = LoadedModel.open(base.resolve("1"), Device.CPU)) {
      Files.writeString(file, new ExplorePage(other, Optional.empty(), Map.of()).alone());
    }
    visit(file.toUri().toString());
    List<WebElement> sliders =
        browser.findElements(By.cssSelector("#sliders label:not([hidden]) input"));
    assertThat(sliders).hasSize(latent == 2 ? 0 : 1);
    if (latent != 2) {
      js("explorer.moveTo(explorer.z.map(() => 0))");
      sliders.get(0).sendKeys(Keys.ARROW_RIGHT);
      await("return Math.abs(explorer.z[explorer.z.length - 1] - 0.01) < 1e-9");
    }
    if (latent == 3) {
      browser.findElement(By.cssSelector("#axis-y option:nth-child(3)")).click();
      js("document.getElementById('plane').focus()");
      browser.switchTo().activeElement().sendKeys(Keys.ARROW_DOWN);
      await("return Math.abs(explorer.z[2] + 0.09) < 1e-9 && explorer.z[1] === 0");
    }
    assertThat(browser.findElements(By.cssSelector("#pick button"))).hasSize(withCodes ? 11 : 1);
    browser.findElement(By.cssSelector("#pick button:last-child")).click();
    picture("latent-" + latent + (withCodes ? "" : "-without-codes") + ".png");
  }

  private static void checkWidth() {
    await(
        "return document.documentElement.scrollWidth <= innerWidth"
            + " && document.getElementById('plane').clientWidth > 300");
  }

  private static void visit(String address) {
    chromium.visit(address);
  }

  private static void picture(String name) {
    chromium.picture(name);
  }

  private static Object pixels() {
    return js("return document.getElementById('digit').toDataURL()");
  }

  private static String text(String id) {
    return chromium.text(id);
  }

  private static void await(String condition, Object... arguments) {
    chromium.await(condition, arguments);
  }

  private static Object js(String script, Object... arguments) {
    return chromium.js(script, arguments);
  }

  private static List<Double> list(float[] values) {
    List<Double> list = new ArrayList<>();
    for (float value : values) {
      list.add((double) value);
    }
    return list;
  }

  private static void assertClose(List<?> found, float[] expected, double tolerance) {
    assertThat(found).hasSize(expected.length);
    for (int i = 0; i < expected.length; i++) {
      assertThat(((Number) found.get(i)).doubleValue()).isCloseTo(expected[i], within(tolerance));
    }
  }
}

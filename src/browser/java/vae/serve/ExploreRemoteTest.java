package vae.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.interactions.Actions;
import vae.config.Device;
import vae.storage.LoadedModel;
import vae.storage.ModelStore;
import vae.tensor.ImageShape;
import vae.tensor.PixelRange;
import vae.tensor.Values;
import vae.testing.Output;
import vae.testing.PythonModels;

/** The page in a real Chromium, of Python's convolutional models: the server decodes. */
class ExploreRemoteTest {
  @TempDir private static Path folder;
  private static Path models;
  private static Optional<Chromium> started = Optional.empty();

  @BeforeAll
  static void open() throws IOException {
    models = PythonModels.of("make_image_vaes.py");
    started = Optional.of(new Chromium(folder.resolve("profile")));
    browser().driver().manage().window().setSize(new Dimension(1280, 1000));
  }

  @AfterAll
  static void close() {
    started.ifPresent(Chromium::close);
  }

  private static Chromium browser() {
    return started.orElseThrow();
  }

  /** A model's page, on a server of its own. */
  private static final class Served implements AutoCloseable {
    final LoadedModel model;
    private final Predictor predictor;
    private final ModelServer server;

    Served(String name, Optional<ExplorePage.Points> test) throws IOException {
      this(models.resolve(name).resolve("saved"), test, Map.of());
    }

    Served(Path saved, Optional<ExplorePage.Points> test, Map<String, Values> given)
        throws IOException {
      model = LoadedModel.open(saved, Device.CPU);
      var page = new ExplorePage(model, test, given);
      predictor = new Predictor(new ModelStore(saved), at -> LoadedModel.open(at, Device.CPU));
      server = new ModelServer(ExplorePage.MODEL, predictor, Set.of(), Set.of(), page::at);
      browser()
          .visit(
              "http://localhost:"
                  + server
                      .start(ModelServer.LOCALHOST, new ModelServer.Ports(0, OptionalInt.empty()))
                      .http()
                  + "/");
      awaitPicture();
    }

    @Override
    public void close() {
      server.close();
      predictor.close();
      model.close();
    }
  }

  private static Served serve(String name) throws IOException {
    return new Served(name, Optional.empty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"grey", "batch_of_16", "wide", "five", "generator"})
  void showsWhatTheModelMakes(String name) throws IOException {
    try (Served served = serve(name)) {
      assertThat(browser().text("about"))
          .startsWith(name + "/saved: ")
          .endsWith("decoded by the server");
      assertThat(browser().text("lacks"))
          .isEqualTo(
              "Left out: the map, as the model has no labelling; drawing, as this page"
                  + " can't encode.");
      assertThat(browser().text("title")).isEqualTo("Which noise gives which image");
      int latent = served.model.vae().latentSize();
      float[][] z = new float[1][latent];
      for (int k = 0; k < latent; k++) {
        z[0][k] = k % 3 - 0.9f;
      }
      moveTo(z[0]);
      boolean signed = name.equals("wide") || name.equals("generator");
      PixelRange range = signed ? new PixelRange(-1, 1) : PixelRange.UNIT;
      assertShown(served.model, range.unit(served.model.vae().generate(Values.of(z)).floats()));
      browser().picture("remote-" + name + ".png");
      assertThat(browser().problems()).isEmpty();
    }
  }

  private static void assertShown(LoadedModel model, float[] expected) throws IOException {
    ImageShape shape = ImageShape.of(model.vae().imageShape()).orElseThrow();
    List<?> found =
        (List<?>)
            browser()
                .js(
                    "const c = document.getElementById('digit');"
                        + "return Array.from(c.getContext('2d').getImageData(0, 0, c.width, c.height).data)");
    assertThat(found).hasSize(4 * shape.width() * shape.height());
    for (int pixel = 0; pixel < shape.width() * shape.height(); pixel++) {
      for (int colour = 0; colour < 3; colour++) {
        assertThat(((Number) found.get(4 * pixel + colour)).doubleValue())
            .isCloseTo(
                255 * expected[pixel * shape.channels() + Math.min(colour, shape.channels() - 1)],
                within(1.0));
      }
    }
  }

  /** A conditional VAE of TF1's, brought over: its label is what the command was given. */
  @Test
  void aLabelIsFedBesideZ() throws IOException {
    Path base = folder.resolve("labelled");
    Path prefix = PythonModels.of("make_generative.py").resolve("conditional_one_hot/model");
    Output.ofSuccess("import-meta", prefix, "--saved-model", base);
    Map<String, Values> given = Map.of("y_true", Values.of(new float[][] {{0, 0, 1, 0, 0}}));
    try (Served served = new Served(base.resolve("1"), Optional.empty(), given)) {
      assertThat(browser().text("about")).endsWith("decoded by the server, y_true=0,0,1,0,0");
      float[][] z = {{0.5f, -1, 0.25f, 1.5f}};
      moveTo(z[0]);
      assertShown(served.model, served.model.vae().given(given).generate(Values.of(z)).floats());
      assertThat(browser().text("command")).endsWith(" --input y_true=0,0,1,0,0");
      assertThat(browser().problems()).isEmpty();
    }
  }

  /** However fast z moves, one request is under way, and the last z is what is shown. */
  @Test
  void oneRequestAtATimeAndTheNewestZWins() throws IOException {
    try (Served served = serve("five")) {
      browser()
          .js(
              "window.asked = []; window.atOnce = 0; let now = 0; const real = window.fetch;"
                  + "window.fetch = async (...all) => { asked.push(JSON.parse(all[1].body).inputs.noise[0]);"
                  + " atOnce = Math.max(atOnce, ++now);"
                  + " try { return await real(...all); } finally { now--; } };");
      WebElement plane = browser().driver().findElement(By.id("plane"));
      int step = plane.getSize().getWidth() / 40;
      var drag = new Actions(browser().driver()).moveToElement(plane).clickAndHold();
      for (int i = 0; i < 12; i++) {
        drag.moveByOffset(i % 2 == 0 ? step : -step, 1);
      }
      drag.release().perform();
      browser()
          .js("for (let i = 0; i < 60; i++) explorer.showNow([i / 30, 0.5, -0.5, 0.25, -0.25]);");
      awaitPicture();
      assertThat(browser().js("return atOnce")).isEqualTo(1L);
      assertThat((List<?>) browser().js("return asked")).hasSizeBetween(2, 40);
      float[] last = {59 / 30f, 0.5f, -0.5f, 0.25f, -0.25f};
      assertThat(browser().js("return asked.at(-1).map((v) => v.toFixed(2)).join()"))
          .isEqualTo("1.97,0.50,-0.50,0.25,-0.25");
      assertShown(
          served.model, served.model.vae().generate(Values.of(new float[][] {last})).floats());
      assertThat(browser().problems()).isEmpty();
    }
  }

  @Test
  void twoDimensionsAreThePlanesAndTheOthersHaveSliders() throws IOException {
    try (Served served = serve("five")) {
      moveTo(new float[served.model.vae().latentSize()]);
      assertThat(sliders()).containsExactly("z3", "z4", "z5");
      choose("axis-x", "z4");
      choose("axis-y", "z2");
      assertThat(sliders()).containsExactly("z1", "z3", "z5");
      choose("axis-y", "z4"); // Which is the other's: they change places.
      assertThat(browser().js("return explorer.plane.axes.join()")).isEqualTo("1,3");
      browser()
          .driver()
          .findElement(By.cssSelector("#sliders label:nth-child(5) input"))
          .sendKeys(Keys.ARROW_LEFT);
      browser().js("document.getElementById('plane').focus()");
      browser().driver().switchTo().activeElement().sendKeys(Keys.ARROW_UP);
      browser()
          .await(
              "return explorer.z.map((v) => v.toFixed(2)).join() === '0.00,0.00,0.00,0.10,-0.01'");
      Object before = browser().js("return document.getElementById('digit').toDataURL()");
      browser().driver().findElement(By.cssSelector("#pick button")).click();
      browser().await("return explorer.z.every((v) => v !== 0)");
      browser()
          .await("return document.getElementById('digit').toDataURL() !== arguments[0]", before);
    }
  }

  @Test
  void aHundredDimensionsFitAPhone() throws IOException {
    try (Served served = serve("generator")) {
      ChromeDriver driver = browser().driver();
      driver.executeCdpCommand(
          "Emulation.setDeviceMetricsOverride",
          Map.of("width", 390, "height", 844, "deviceScaleFactor", 2, "mobile", true));
      browser().await("return document.documentElement.scrollWidth <= innerWidth");
      assertThat(sliders()).hasSize(served.model.vae().latentSize() - 2);
      assertThat(driver.findElement(By.id("sliders")).getSize().getHeight()).isLessThan(300);
      browser().picture("remote-phone.png");
      driver.executeCdpCommand("Emulation.clearDeviceMetricsOverride", Map.of());
    }
  }

  private static List<String> sliders() {
    List<String> names = new ArrayList<>();
    for (WebElement row :
        browser().driver().findElements(By.cssSelector("#sliders label:not([hidden])"))) {
      names.add(row.getText().split("\\s", -1)[0]);
    }
    return names;
  }

  private static void choose(String axis, String name) {
    browser()
        .driver()
        .findElements(By.cssSelector("#" + axis + " option"))
        .get(Integer.parseInt(name.substring(1)) - 1)
        .click();
  }

  @Test
  void whatTheServerRefusesIsToldInOneLine() throws IOException {
    try (Served served = serve("generator")) {
      browser().js("explorer.network.server.signature = 'none'; explorer.show()");
      browser()
          .await(
              "return document.getElementById('failure').textContent"
                  + ".startsWith('the server answered 400: ')");
      assertThat(browser().driver().findElement(By.id("failure")).getSize().getHeight())
          .isLessThan(30);
      assertThat(browser().problems()).hasSize(1);
      browser().js("explorer.network.server.signature = 'generate'; explorer.show()");
      browser().await("return document.getElementById('failure').textContent === ''");
      served.server.close();
      browser().js("explorer.show()");
      browser()
          .await(
              "return document.getElementById('failure').textContent"
                  + ".startsWith('the server does not answer')");
      assertThat(browser().problems()).hasSize(1);
    }
  }

  /**
   * Codes that have no prior: no circles, nothing to draw from, and a plane as wide as they are.
   */
  @Test
  void anAutoencoderHasNoPrior() throws IOException {
    var codes = new ExplorePage.Points(new float[][] {{-1, 13}, {2, 5}}, new byte[] {1, 2});
    try (Served served = new Served("autoencoder", Optional.of(codes))) {
      assertThat(served.model.vae().hasPrior()).isFalse();
      assertThat(browser().text("lacks")).endsWith("; draws, as z has no prior.");
      assertThat(browser().js("return explorer.model.reach")).isEqualTo(20L);
      assertThat(browser().text("points")).contains("2 test images");
      for (String id : List.of("pick", "beyond")) {
        assertThat(browser().driver().findElement(By.id(id)).isDisplayed()).as(id).isFalse();
      }
      moveTo(new float[] {-12, 13});
      assertThat(browser().text("warning")).isEmpty();
      browser().picture("remote-autoencoder.png");
      assertThat(browser().problems()).isEmpty();
    }
  }

  private static void moveTo(float[] z) {
    List<Double> values = new ArrayList<>();
    for (float value : z) {
      values.add((double) value);
    }
    browser().js("explorer.moveTo(arguments[0])", values);
    browser().await("return !explorer.due");
    awaitPicture();
  }

  private static void awaitPicture() {
    browser().await("return !explorer.due && !explorer.network.showing");
  }
}

package vae.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** Debian's Chromium, in which the page is tried. Pictures are left in {@code target/browser}. */
final class Chromium implements AutoCloseable {
  private static final Path PICTURES = Path.of("target/browser");
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final ChromeDriver driver;

  /** Starts it, with its profile in a folder. */
  Chromium(Path profile) throws IOException {
    Files.createDirectories(PICTURES);
    var logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    var options = new ChromeOptions();
    options.setBinary("/usr/bin/chromium");
    options.setCapability("goog:loggingPrefs", logs);
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--user-data-dir=" + profile);
    var service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(Path.of("/usr/bin/chromedriver").toFile())
            .build();
    driver = new ChromeDriver(service, options);
  }

  ChromeDriver driver() {
    return driver;
  }

  /** Opens the page, and waits until it shows a z. */
  void visit(String address) {
    driver.get(address);
    await("return window.explorer !== undefined");
    await("return document.getElementById('norm').textContent !== '–'");
  }

  String text(String id) {
    return driver.findElement(By.id(id)).getText();
  }

  Object js(String script, Object... arguments) {
    return driver.executeScript(script, arguments);
  }

  void await(String condition, Object... arguments) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!Boolean.TRUE.equals(js(condition, arguments))) {
      assertThat(System.nanoTime()).as(condition).isLessThan(deadline);
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  /** What the console has been told of since: warnings, and worse. */
  List<LogEntry> problems() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
        .toList();
  }

  /** Keeps a picture of the whole page. */
  void picture(String name) {
    try {
      Map<?, ?> size =
          (Map<?, ?>) js("return {w: innerWidth, h: document.documentElement.scrollHeight}");
      Map<String, Object> shot =
          driver.executeCdpCommand(
              "Page.captureScreenshot",
              Map.of(
                  "captureBeyondViewport",
                  true,
                  "clip",
                  Map.of(
                      "x",
                      0,
                      "y",
                      0,
                      "width",
                      size.get("w"),
                      "height",
                      size.get("h"),
                      "scale",
                      1)));
      Files.write(
          PICTURES.resolve(name),
          OutputType.BYTES.convertFromBase64Png(String.valueOf(shot.get("data"))));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    driver.quit();
  }
}

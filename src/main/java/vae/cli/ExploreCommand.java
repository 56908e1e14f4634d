package vae.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import vae.config.Device;
import vae.files.AtomicFile;
import vae.files.ModelException;
import vae.latent.CodesFit;
import vae.latent.Progress;
import vae.mnist.DataException;
import vae.mnist.Images;
import vae.serve.ExplorePage;
import vae.serve.ExplorePage.Points;
import vae.serve.Predictor;
import vae.storage.LoadedModel;

/** {@code explore}: a page on which one moves z and sees the digit. */
@Command(
    name = "explore",
    description =
        "Open a page in the browser: drag z over the map of digits and see the image;"
            + " draw a digit and see its code. Any model works that makes images of up to 128 x"
            + " 128 pixels. The page's server has the REST API of serve too.")
final class ExploreCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(ExploreCommand.class);

  @Mixin private ModelOptions.OfGenerator common;
  @Mixin private ServerOptions server;
  @Mixin private GivenInputs inputs;
  @Mixin private MnistOption mnist;

  @Option(
      names = "--export",
      paramLabel = "FILE",
      description =
          "Write the page as one HTML file, which needs no server and no network. Only for"
              + " models with the tutorial's layers.")
  private Optional<Path> export;

  @Option(names = "--no-open", description = "Don't open the browser.")
  private boolean stayClosed;

  @Override
  public Integer call() throws IOException {
    if (export.isPresent()) {
      try (LoadedModel model = common.model()) {
        byte[] page = page(model).alone().getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(export.get(), page);
        System.err.printf(
            "%s: the page for %s, %,d bytes%n", export.get(), model.source(), page.length);
        return ExitCode.OK;
      }
    }
    server.check();
    common.store().newest(); // Before TensorFlow's start: a wrong folder is told at once.
    Device device = common.startTensorFlow();
    var page = new AtomicReference<ExplorePage>();
    try (var interruption = new Interruption(); // Closed last: until then the JVM does not end.
        var predictor =
            new Predictor(
                common.store(),
                folder -> {
                  LoadedModel model = common.load(folder, device);
                  try {
                    page.set(page(model));
                    return model;
                  } catch (IOException | RuntimeException | Error e) { // The server lives on.
                    model.close();
                    throw e;
                  }
                })) {
      return server.serve(
          ExplorePage.MODEL,
          predictor,
          OptionalInt.empty(),
          interruption,
          path -> Objects.requireNonNull(page.get()).at(path),
          (url, grpc) -> open(url));
    }
  }

  private ExplorePage page(LoadedModel model) throws ModelException {
    Optional<Points> points = testPoints(model);
    System.err.println("preparing the page: what comes out at each point of the map");
    return new ExplorePage(model, points, inputs.values(model));
  }

  /** Where the test images lie, if they are at hand and the model's. */
  private Optional<Points> testPoints(LoadedModel model) throws ModelException {
    if (!model.vae().hasCodes() || !model.vae().others().isEmpty()) {
      return Optional.empty();
    }
    try (var line = new CountLine()) {
      Images images = mnist.files().test();
      if (!images.shape().fits(model.vae().inputShape())) {
        return Optional.empty();
      }
      Progress progress = line.begin("encoding test images");
      float[][] codes = CodesFit.encode(model.vae()::codes, images, progress).zMean();
      return codes[0].length == model.vae().latentSize()
          ? Optional.of(new Points(codes, images.labels().bytes()))
          : Optional.empty();
    } catch (DataException e) {
      System.err.println("note: the plane shows no test images: " + e.getMessage());
      return Optional.empty();
    }
  }

  private void open(String url) {
    System.err.println(url);
    if (stayClosed) {
      return;
    }
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    List<String> opener =
        system.contains("mac")
            ? List.of("open", url)
            : system.contains("win")
                ? List.of("rundll32", "url.dll,FileProtocolHandler", url)
                : List.of("xdg-open", url);
    try {
      new ProcessBuilder(opener)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException e) {
      LOG.debug("no browser was opened: {}", e.toString()); // The address has been printed.
    }
  }
}

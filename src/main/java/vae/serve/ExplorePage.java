package vae.serve;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import vae.files.ModelException;
import vae.serve.ModelServer.Page;
import vae.storage.LoadedModel;
import vae.tensor.Values;

/**
 * The page on which one moves z and sees the image. Of the tutorial's network the browser computes
 * it: the page brings weights and codes, whether a server sends it or a file holds it all. Of other
 * models it asks the server for each image.
 */
public final class ExplorePage {
  /** The name by which the page asks its server for the model. */
  public static final String MODEL = "vae";

  private static final String FOLDER = "explore/";

  /** In the order in which each builds on those before. */
  private static final List<String> SCRIPTS =
      List.of(
          "network.js",
          "judge.js",
          "remote.js",
          "picture.js",
          "atlas.js",
          "plane.js",
          "dimensions.js",
          "pad.js",
          "page.js");

  private final Path source;
  private final ExploredModel model;
  private final byte[] data;

  /**
   * Labelled images that the model has encoded, for the plane to show.
   *
   * @param zMean their codes, [count][latent]
   * @param labels a class from 0 on, one an image
   */
  @SuppressWarnings("ArrayRecordComponent") // Only written.
  public record Points(float[][] zMean, byte[] labels) {}

  /**
   * Of a model.
   *
   * @param test images that it was not trained on; without them the plane shows those that it was
   * @param given what it is fed beside z, such as a label: a row of each
   * @throws ModelException if it makes no images, such of more than 128 × 128 pixels, or wants more
   *     than is given
   */
  public ExplorePage(LoadedModel model, Optional<Points> test, Map<String, Values> given)
      throws ModelException {
    this.source = model.source();
    this.model = ExploredModel.of(model, test, given);
    this.data = Answer.json(200, ExploreJson.of(this.model)).body();
  }

  /** What a server shows at a path. */
  public Optional<Page> at(String path) {
    return Optional.ofNullable(
        switch (path) {
          case "/" -> page("html", text("explore.html"));
          case "/explore.css" -> page("css", text("explore.css"));
          case "/explore.js" -> page("javascript", script());
          case "/model.json" -> new Page("application/json", data);
          default -> null;
        });
  }

  /**
   * The page as one file, which needs no server and no network.
   *
   * @throws ModelException if the page can't compute the model's images
   */
  public String alone() throws ModelException {
    if (model.network().isEmpty()) {
      throw new ModelException(
          source,
          "expected a decoder of dense layers, tanh then sigmoid, as the tutorial's: no other can be"
              + " exported; found one that only the server computes");
    }
    String inlined =
        "<script type=\"application/json\" id=\"model\">%s</script>\n<script>\n%s</script>"
            .formatted(new String(data, StandardCharsets.UTF_8).replace("<", "\\u003c"), script());
    return text("explore.html")
        .replace(
            "<link rel=\"stylesheet\" href=\"explore.css\">",
            "<style>\n" + text("explore.css") + "</style>")
        .replace("<script src=\"explore.js\" defer></script>", "")
        .replace("</body>", inlined + "\n</body>");
  }

  private static Page page(String type, String text) {
    return new Page("text/" + type + "; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
  }

  private static String script() {
    var script = new StringBuilder("\"use strict\";\n");
    SCRIPTS.forEach(name -> script.append(text(name)));
    return script.toString();
  }

  private static String text(String name) {
    try (InputStream in = ExplorePage.class.getResourceAsStream(FOLDER + name)) {
      if (in == null) {
        throw new IllegalStateException("the program lacks its page: " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package vae.serve;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import vae.latent.Atlas;
import vae.latent.LatentGrid;
import vae.serve.ModelServer.Page;
import vae.storage.ImageCodes;
import vae.storage.LoadedModel;
import vae.storage.ModelException;
import vae.storage.NetworkWeights;

/**
 * The page on which one moves z and sees the digit. The browser computes: the page brings the
 * model's weights and codes, whether a server sends it or a file holds it all.
 */
public final class ExplorePage {
  private static final String FOLDER = "explore/";

  /** In the order in which each builds on those before. */
  private static final List<String> SCRIPTS =
      List.of("network.js", "atlas.js", "plane.js", "pad.js", "page.js");

  private static final int MAP_SIDE = 160;
  private static final float MAP_REACH = 4;
  private static final int NOTHING_LIVES = 255;

  private final byte[] data;

  /**
   * Labelled images that the model has encoded, for the plane to show.
   *
   * @param zMean their codes, [count][latent]
   * @param labels 0 to 9, one an image
   */
  @SuppressWarnings("ArrayRecordComponent") // Only written.
  public record Points(float[][] zMean, byte[] labels) {}

  /**
   * Of a model.
   *
   * @param test images that it was not trained on; without them the plane shows those that it was
   * @throws ModelException if it is not the tutorial's network
   */
  public ExplorePage(LoadedModel model, Optional<Points> test) throws ModelException {
    NetworkWeights weights = NetworkWeights.of(model);
    Optional<Atlas> atlas = model.codes().map(Atlas::new);
    data = Answer.json(json -> write(json, model, weights, atlas, test)).body();
  }

  /** What a server shows at a path. */
  public Optional<Page> at(String path) {
    return Optional.ofNullable(
        switch (path) {
          case "/" -> new Page("text/html; charset=utf-8", bytes(text("explore.html")));
          case "/explore.css" -> new Page("text/css; charset=utf-8", bytes(text("explore.css")));
          case "/explore.js" -> new Page("text/javascript; charset=utf-8", bytes(script()));
          case "/model.json" -> new Page("application/json", data);
          default -> null;
        });
  }

  /** The page as one file, which needs no server and no network. */
  public String alone() {
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

  private static void write(
      JsonGenerator json,
      LoadedModel model,
      NetworkWeights weights,
      Optional<Atlas> atlas,
      Optional<Points> test)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("source", name(model.source()));
    json.writeNumberField("input", weights.input());
    json.writeNumberField("hidden", weights.hidden());
    json.writeNumberField("latent", weights.latent());
    json.writeBooleanField("encodes", weights.encodes());
    json.writeObjectFieldStart("weights");
    for (Map.Entry<String, float[]> variable : weights.values().entrySet()) {
      json.writeStringField(variable.getKey(), base64(variable.getValue()));
    }
    json.writeEndObject();
    if (test.isPresent()) {
      json.writeObjectFieldStart("test");
      json.writeStringField("z_mean", base64(flat(test.get().zMean())));
      json.writeStringField("labels", Base64.getEncoder().encodeToString(test.get().labels()));
      json.writeEndObject();
    }
    if (atlas.isPresent()) {
      writeCodes(json, atlas.get().codes());
      writeRegions(json, atlas.get());
      if (atlas.get().latent() == 2) {
        writeMap(json, atlas.get());
      }
    }
    json.writeEndObject();
  }

  /** The last two names of a model's folder: who gets the page need not know where it lay. */
  private static String name(Path folder) {
    Path whole = folder.toAbsolutePath().normalize();
    int names = whole.getNameCount();
    return names == 0 ? "" : whole.subpath(Math.max(0, names - 2), names).toString();
  }

  private static void writeCodes(JsonGenerator json, ImageCodes codes) throws IOException {
    json.writeObjectFieldStart("codes");
    json.writeNumberField("bandwidth", codes.bandwidth());
    json.writeStringField("z_mean", base64(flat(codes.zMean())));
    json.writeStringField("z_std", base64(flat(codes.zStd())));
    json.writeStringField("labels", Base64.getEncoder().encodeToString(codes.labels()));
    json.writeEndObject();
  }

  private static void writeRegions(JsonGenerator json, Atlas atlas) throws IOException {
    json.writeArrayFieldStart("regions");
    for (Atlas.Region region : atlas.regions()) {
      json.writeStartObject();
      json.writeNumberField("share", region.share());
      json.writeNumberField("surest", region.surest());
      json.writeArrayFieldStart("z");
      for (float value : region.z()) {
        json.writeNumber(value);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void writeMap(JsonGenerator json, Atlas atlas) throws IOException {
    byte[] digits = new byte[MAP_SIDE * MAP_SIDE];
    byte[] sureness = new byte[digits.length];
    List<Atlas.Place> cells =
        atlas.at(LatentGrid.linear(MAP_SIDE, MAP_REACH - MAP_REACH / MAP_SIDE));
    for (int i = 0; i < digits.length; i++) {
      Atlas.Place cell = cells.get(i);
      digits[i] = (byte) (cell.isInhabited() ? cell.digit() : NOTHING_LIVES);
      sureness[i] = (byte) Math.round(255 * cell.confidence());
    }
    json.writeObjectFieldStart("map");
    json.writeNumberField("side", MAP_SIDE);
    json.writeNumberField("reach", MAP_REACH);
    json.writeStringField("digits", Base64.getEncoder().encodeToString(digits));
    json.writeStringField("sureness", Base64.getEncoder().encodeToString(sureness));
    json.writeEndObject();
  }

  private static float[] flat(float[][] rows) {
    float[] values = new float[rows.length * rows[0].length];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, values, i * rows[0].length, rows[0].length);
    }
    return values;
  }

  /** Float32, little-endian, as browsers hold them. */
  private static String base64(float[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return Base64.getEncoder().encodeToString(bytes.array());
  }

  private static String script() {
    var script = new StringBuilder("\"use strict\";\n");
    SCRIPTS.forEach(name -> script.append(text(name)));
    return script.toString();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
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

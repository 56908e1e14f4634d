package vae.serve;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import vae.latent.Atlas;
import vae.latent.LatentGrid;
import vae.serve.ExploredModel.Server;
import vae.storage.GeneratorCall;
import vae.storage.ImageCodes;
import vae.storage.NetworkWeights;
import vae.tensor.ElementType;
import vae.tensor.ImageShape;
import vae.tensor.Values;

/** What the page knows of a model, as the page's scripts read it. */
final class ExploreJson {
  private static final int MAP_SIDE = 160;
  private static final int NOTHING_LIVES = 255;

  private ExploreJson() {}

  static void write(JsonGenerator json, ExploredModel model) throws IOException {
    json.writeStartObject();
    json.writeStringField("source", model.source());
    json.writeNumberField("latent", model.latent());
    writeImage(json, model.image());
    json.writeBooleanField("prior", model.prior());
    json.writeNumberField("reach", model.reach());
    if (model.network().isPresent()) {
      writeNetwork(json, model.network().get());
    }
    if (model.server().isPresent()) {
      writeServer(json, model.server().get());
    }
    if (model.test().isPresent()) {
      json.writeObjectFieldStart("test");
      json.writeStringField("z_mean", base64(flat(model.test().get().zMean())));
      json.writeStringField(
          "labels", Base64.getEncoder().encodeToString(model.test().get().labels()));
      json.writeEndObject();
    }
    if (model.atlas().isPresent()) {
      writeCodes(json, model.atlas().get().codes());
      writeRegions(json, model.atlas().get());
      if (model.latent() == 2) {
        writeMap(json, model.atlas().get());
      }
    }
    json.writeEndObject();
  }

  private static void writeImage(JsonGenerator json, ImageShape image) throws IOException {
    json.writeObjectFieldStart("image");
    json.writeNumberField("width", image.width());
    json.writeNumberField("height", image.height());
    json.writeNumberField("channels", image.channels());
    json.writeEndObject();
  }

  private static void writeNetwork(JsonGenerator json, NetworkWeights weights) throws IOException {
    json.writeObjectFieldStart("network");
    json.writeNumberField("hidden", weights.hidden());
    json.writeBooleanField("encodes", weights.encodes());
    json.writeObjectFieldStart("weights");
    for (Map.Entry<String, float[]> variable : weights.values().entrySet()) {
      json.writeStringField(variable.getKey(), base64(variable.getValue()));
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void writeServer(JsonGenerator json, Server server) throws IOException {
    GeneratorCall call = server.call();
    json.writeObjectFieldStart("server");
    json.writeStringField("url", "v1/models/" + ExplorePage.MODEL + ":predict");
    json.writeStringField("signature", call.signature());
    json.writeStringField("noise", call.noise());
    json.writeArrayFieldStart("shape");
    for (int size : call.shape()) {
      json.writeNumber(size);
    }
    json.writeEndArray();
    json.writeStringField("image", call.image());
    json.writeObjectFieldStart("inputs");
    for (Map.Entry<String, Values> given : server.given().entrySet()) {
      json.writeFieldName(given.getKey());
      write(json, given.getValue().rank() == 0 ? given.getValue() : given.getValue().part(0, 1));
    }
    json.writeEndObject();
    json.writeNumberField("black", server.pixels().black());
    json.writeNumberField("white", server.pixels().white());
    json.writeEndObject();
  }

  /** As nested arrays. */
  private static void write(JsonGenerator json, Values values) throws IOException {
    double[] flat = values.as(ElementType.DOUBLE).doubles();
    write(json, flat, values.shape(), 0, 0);
  }

  private static int write(JsonGenerator json, double[] flat, int[] shape, int level, int from)
      throws IOException {
    if (level == shape.length) {
      if (flat[from] == Math.rint(flat[from])) { // Labels are whole numbers.
        json.writeNumber((long) flat[from]);
      } else {
        json.writeNumber(flat[from]);
      }
      return from + 1;
    }
    json.writeStartArray();
    int at = from;
    for (int i = 0; i < shape[level]; i++) {
      at = write(json, flat, shape, level + 1, at);
    }
    json.writeEndArray();
    return at;
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
        atlas.at(LatentGrid.linear(MAP_SIDE, ExploredModel.REACH - ExploredModel.REACH / MAP_SIDE));
    for (int i = 0; i < digits.length; i++) {
      Atlas.Place cell = cells.get(i);
      digits[i] = (byte) (cell.isInhabited() ? cell.digit() : NOTHING_LIVES);
      sureness[i] = (byte) Math.round(255 * cell.confidence());
    }
    json.writeObjectFieldStart("map");
    json.writeNumberField("side", MAP_SIDE);
    json.writeNumberField("reach", ExploredModel.REACH);
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
}

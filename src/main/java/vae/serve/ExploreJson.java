package vae.serve;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import vae.config.Seed;
import vae.functions.VaeFunctions.GeneratorCall;
import vae.latent.Atlas;
import vae.latent.ClassDraws;
import vae.latent.LatentGrid;
import vae.picture.Palette;
import vae.serve.ExploredModel.Server;
import vae.storage.ImageCodes;
import vae.storage.ImageJudge;
import vae.storage.NetworkWeights;
import vae.tensor.ElementType;
import vae.tensor.ImageShape;
import vae.tensor.Values;

/** What the page knows of a model, as the page's scripts read it. */
final class ExploreJson {
  private static final int MAP_SIDE = 160;
  private static final int NOTHING_LIVES = 255;

  /** Of each class so many z's are brought, for the page to give one. */
  private static final int DRAWS = 50;

  private static final Seed SEED = new Seed(1);

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
    writeColours(json, model);
    if (model.test().isPresent()) {
      json.writeObjectFieldStart("test");
      json.writeStringField("z_mean", base64(flat(model.test().get().zMean())));
      json.writeStringField(
          "labels", Base64.getEncoder().encodeToString(model.test().get().labels()));
      json.writeEndObject();
    }
    if (model.atlas().isPresent()) {
      writeClasses(json, model.atlas().get());
      writeCodes(json, model.atlas().get().codes());
      writeJudge(json, model.atlas().get().labelling().judge());
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

  /** Of the classes, and of all labels that points have. */
  private static void writeColours(JsonGenerator json, ExploredModel model) throws IOException {
    int count = model.atlas().map(known -> known.classes().size()).orElse(0);
    if (model.test().isPresent()) {
      for (byte label : model.test().get().labels()) {
        count = Math.max(count, label + 1);
      }
    }
    json.writeArrayFieldStart("colours");
    for (int label = 0; label < count; label++) {
      json.writeString("#%06x".formatted(Palette.of(label).getRGB() & 0xffffff));
    }
    json.writeEndArray();
  }

  private static void writeClasses(JsonGenerator json, Atlas atlas) throws IOException {
    Atlas.Survey survey = atlas.survey();
    var draws = new ClassDraws(atlas, SEED);
    json.writeStringField("kind", atlas.classes().kind());
    json.writeNumberField("agreeing", survey.agreeing());
    json.writeArrayFieldStart("classes");
    for (Atlas.Region region : survey.regions()) {
      json.writeStartObject();
      json.writeStringField("name", atlas.classes().of(region.label()));
      json.writeNumberField("share", region.share());
      writeNumbers(json, "z", region.best().z());
      float[][] given =
          draws.first(region.label(), DRAWS, Optional.empty()).stream()
              .map(Atlas.Place::z)
              .toArray(float[][]::new);
      json.writeStringField("draws", base64(flat(given)));
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void writeNumbers(JsonGenerator json, String name, float[] values)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (float value : values) {
      json.writeNumber(value);
    }
    json.writeEndArray();
  }

  private static void writeJudge(JsonGenerator json, ImageJudge judge) throws IOException {
    json.writeObjectFieldStart("judge");
    for (Map.Entry<String, float[]> parameter : judge.parameters().entrySet()) {
      json.writeStringField(parameter.getKey(), base64(parameter.getValue()));
    }
    json.writeEndObject();
  }

  private static void writeMap(JsonGenerator json, Atlas atlas) throws IOException {
    byte[] labels = new byte[MAP_SIDE * MAP_SIDE];
    byte[] sureness = new byte[labels.length];
    List<Atlas.Place> cells =
        atlas.at(LatentGrid.linear(MAP_SIDE, ExploredModel.REACH - ExploredModel.REACH / MAP_SIDE));
    for (int i = 0; i < labels.length; i++) {
      Atlas.Place cell = cells.get(i);
      labels[i] = (byte) (cell.hasCodes() ? cell.label() : NOTHING_LIVES);
      sureness[i] = (byte) Math.round(255 * cell.sureness(cell.label()));
    }
    json.writeObjectFieldStart("map");
    json.writeNumberField("side", MAP_SIDE);
    json.writeNumberField("reach", ExploredModel.REACH);
    json.writeStringField("labels", Base64.getEncoder().encodeToString(labels));
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

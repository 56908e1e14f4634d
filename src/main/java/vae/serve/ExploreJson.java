package vae.serve;

import static vae.serve.Answer.object;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import vae.config.Seed;
import vae.files.ModelException;
import vae.latent.Atlas;
import vae.latent.ClassDraws;
import vae.latent.LatentGrid;
import vae.latent.Prior;
import vae.picture.Palette;
import vae.picture.PlanePicture;
import vae.serve.ExploredModel.Server;
import vae.storage.ImageCodes;
import vae.storage.NetworkWeights;
import vae.tensor.ElementType;
import vae.tensor.ImageShape;
import vae.tensor.Values;

/**
 * What the page knows of a model, as the page's scripts read it: the constants of its formulas too.
 * Floats are base64 of float32, little-endian, as browsers hold them; labels are base64 of bytes.
 */
final class ExploreJson {
  private static final int MAP_SIDE = 160;

  /** The label of a cell of the map where no images are encoded. */
  private static final int NO_CLASS = 255;

  /** Of each class so many z's are brought, for the page to give one. */
  private static final int DRAWS = 50;

  private static final Seed SEED = new Seed(1);

  private ExploreJson() {}

  static Map<String, Object> of(ExploredModel model) throws ModelException {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("source", model.source());
    json.put("latent", model.latent());
    ImageShape image = model.image();
    json.put(
        "image",
        object("width", image.width(), "height", image.height(), "channels", image.channels()));
    json.put("prior", model.prior());
    json.put("offPrior", Prior.LEAST_SHARE_BEYOND);
    json.put("circles", PlanePicture.PRIOR_SHARES);
    json.put("reach", model.reach());
    json.put("colours", colours(model));
    model.network().ifPresent(weights -> json.put("network", network(weights)));
    model.server().ifPresent(server -> json.put("server", server(server)));
    if (model.test().isPresent()) {
      ExplorePage.Points test = model.test().get();
      json.put("test", object("z_mean", bytes(test.zMean()), "labels", test.labels()));
    }
    if (model.atlas().isPresent()) {
      Atlas atlas = model.atlas().get();
      Atlas.Survey survey = atlas.survey();
      json.put("kind", atlas.classes().kind());
      json.put("agreeing", survey.agreeing());
      json.put("classes", classes(atlas, survey));
      json.put("codes", codes(atlas.codes()));
      json.put("judge", bytes(atlas.labelling().judge().parameters()));
      if (model.latent() == 2) {
        json.put("map", map(atlas));
      }
    }
    return json;
  }

  private static Map<String, Object> network(NetworkWeights weights) {
    return object(
        "hidden",
        weights.hidden(),
        "encodes",
        weights.encodes(),
        "weights",
        bytes(weights.values()));
  }

  private static Map<String, Object> server(Server server) {
    Map<String, Object> inputs = new LinkedHashMap<>();
    server
        .given()
        .forEach(
            (name, rows) -> {
              Values first = rows.rank() == 0 ? rows : rows.part(0, 1);
              inputs.put(name, first.as(ElementType.DOUBLE).nested());
            });
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("url", "v1/models/" + ExplorePage.MODEL + ":predict");
    json.put("signature", server.call().signature());
    json.put("noise", server.call().noise());
    json.put("shape", server.call().shape());
    json.put("image", server.call().image());
    json.put("inputs", inputs);
    json.put("black", server.pixels().black());
    json.put("white", server.pixels().white());
    return json;
  }

  /** Of the classes, and of all labels that points have. */
  private static List<String> colours(ExploredModel model) {
    int count = model.atlas().map(known -> known.classes().size()).orElse(0);
    if (model.test().isPresent()) {
      for (byte label : model.test().get().labels()) {
        count = Math.max(count, label + 1);
      }
    }
    return IntStream.range(0, count)
        .mapToObj(label -> "#%06x".formatted(Palette.of(label).getRGB() & 0xffffff))
        .toList();
  }

  private static List<Object> classes(Atlas atlas, Atlas.Survey survey) throws ModelException {
    var draws = new ClassDraws(atlas, SEED);
    List<Object> classes = new ArrayList<>();
    for (Atlas.Region region : survey.regions()) {
      float[][] given =
          draws.first(region.label(), DRAWS, Optional.empty()).stream()
              .map(Atlas.Place::z)
              .toArray(float[][]::new);
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("name", atlas.classes().of(region.label()));
      json.put("share", region.share());
      json.put("z", region.best().z());
      json.put("draws", bytes(given));
      classes.add(json);
    }
    return classes;
  }

  /** The codes, and how their density is computed: see {@link Atlas}. */
  private static Map<String, Object> codes(ImageCodes codes) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("bandwidth", codes.bandwidth());
    json.put("cutoff", Atlas.CUTOFF);
    json.put("strayVariance", Atlas.STRAY_VARIANCE);
    json.put("leastRatio", Atlas.LEAST_DENSITY_RATIO);
    json.put("z_mean", bytes(codes.zMean()));
    json.put("z_std", bytes(codes.zStd()));
    json.put("labels", codes.labels());
    return json;
  }

  private static Map<String, Object> map(Atlas atlas) throws ModelException {
    byte[] labels = new byte[MAP_SIDE * MAP_SIDE];
    byte[] sureness = new byte[labels.length];
    List<Atlas.Place> cells =
        atlas.at(LatentGrid.linear(MAP_SIDE, ExploredModel.REACH - ExploredModel.REACH / MAP_SIDE));
    for (int i = 0; i < labels.length; i++) {
      Atlas.Place cell = cells.get(i);
      labels[i] = (byte) (cell.hasCodes() ? cell.label() : NO_CLASS);
      sureness[i] = (byte) Math.round(255 * cell.sureness(cell.label()));
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("side", MAP_SIDE);
    json.put("reach", ExploredModel.REACH);
    json.put("noClass", NO_CLASS);
    json.put("labels", labels);
    json.put("sureness", sureness);
    return json;
  }

  private static Map<String, byte[]> bytes(Map<String, float[]> named) {
    Map<String, byte[]> bytes = new LinkedHashMap<>();
    named.forEach((name, values) -> bytes.put(name, bytes(values)));
    return bytes;
  }

  private static byte[] bytes(float[]... rows) {
    ByteBuffer bytes =
        ByteBuffer.allocate(rows.length * rows[0].length * Float.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    for (float[] row : rows) {
      bytes.asFloatBuffer().put(row);
      bytes.position(bytes.position() + row.length * Float.BYTES);
    }
    return bytes.array();
  }
}

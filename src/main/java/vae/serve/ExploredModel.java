package vae.serve;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import vae.files.ModelException;
import vae.functions.VaeFunctions;
import vae.functions.VaeFunctions.GeneratorCall;
import vae.latent.Atlas;
import vae.latent.DecodedImages;
import vae.serve.ExplorePage.Points;
import vae.storage.Labelling;
import vae.storage.LoadedModel;
import vae.storage.NetworkWeights;
import vae.tensor.ImageShape;
import vae.tensor.PixelRange;
import vae.tensor.Values;

/**
 * What the page knows of a model. What a model lacks the page does without.
 *
 * @param source the last two names of its folder
 * @param latent dimensions of z
 * @param image the shape of what it makes
 * @param prior whether z is drawn from N(0, I)
 * @param reach how far the plane goes to each side
 * @param network what the page computes by itself, of the tutorial's network
 * @param server what it asks the server for, of every other
 * @param atlas of the labelling that it brings
 * @param test images that it was not trained on
 */
record ExploredModel(
    String source,
    int latent,
    ImageShape image,
    boolean prior,
    float reach,
    Optional<NetworkWeights> network,
    Optional<Server> server,
    Optional<Atlas> atlas,
    Optional<Points> test) {
  /** How far the plane goes where z has a prior; the map too. */
  static final float REACH = 4;

  private static final int MOST_SIDE = 128;

  /**
   * How the server makes images.
   *
   * @param call what it is asked
   * @param pixels what its answer's go from and to
   * @param given what it is fed beside z
   */
  record Server(GeneratorCall call, PixelRange pixels, Map<String, Values> given) {}

  static ExploredModel of(LoadedModel model, Optional<Points> test, Map<String, Values> given)
      throws ModelException {
    VaeFunctions vae = model.vae().given(given);
    GeneratorCall call = vae.generatorCall();
    ImageShape image = image(model);
    Optional<NetworkWeights> network =
        call.others().isEmpty() ? NetworkWeights.of(model) : Optional.empty();
    var decoded = DecodedImages.of(vae);
    Optional<Server> server =
        network.isPresent()
            ? Optional.empty()
            : Optional.of(new Server(call, decoded.pixels(), given));
    Optional<Labelling> labelling = call.others().isEmpty() ? model.labelling() : Optional.empty();
    Optional<Atlas> atlas = labelling.map(known -> new Atlas(known, decoded::of));
    boolean prior = vae.hasPrior(); // Whether there are circles to draw, and z's to be drawn.
    return new ExploredModel(
        name(model.source()),
        vae.latentSize(),
        image,
        prior,
        prior ? REACH : reach(atlas, test),
        network,
        server,
        atlas,
        test);
  }

  private static ImageShape image(LoadedModel model) throws ModelException {
    int[] shape = model.vae().imageShape();
    return ImageShape.of(shape)
        .filter(image -> Math.max(image.width(), image.height()) <= MOST_SIDE)
        .orElseThrow(
            () ->
                new ModelException(
                    model.source(),
                    "expected images of up to %d×%d pixels ([h,w], [h,w,1], [h,w,3] or a square"
                            .formatted(MOST_SIDE, MOST_SIDE)
                        + " number of values), found "
                        + Values.text(shape)));
  }

  /** Where z has no prior codes may lie anywhere: as far as the farthest, in a round number. */
  private static float reach(Optional<Atlas> atlas, Optional<Points> test) {
    double farthest =
        Stream.concat(
                atlas.stream().map(known -> known.codes().zMean()),
                test.stream().map(Points::zMean))
            .flatMap(Stream::of)
            .flatMapToDouble(ExploredModel::distances)
            .max()
            .orElse(REACH);
    double size =
        Math.pow(10, Math.floor(Math.log10(Math.max(farthest, Float.MIN_NORMAL) / REACH)));
    return (float)
        Stream.of(1, 2, 5, 10)
            .mapToDouble(step -> REACH * step * size)
            .filter(reach -> reach >= farthest)
            .findFirst()
            .orElse(10 * REACH * size);
  }

  private static DoubleStream distances(float[] code) {
    return IntStream.range(0, code.length).mapToDouble(k -> Math.abs(code[k]));
  }

  /** The last two names of a model's folder: who gets the page need not know where it lay. */
  private static String name(Path folder) {
    Path whole = folder.toAbsolutePath().normalize();
    int names = whole.getNameCount();
    return names == 0 ? "" : whole.subpath(Math.max(0, names - 2), names).toString();
  }
}

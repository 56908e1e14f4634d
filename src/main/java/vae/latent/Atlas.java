package vae.latent;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import vae.config.ClassNames;
import vae.config.Seed;
import vae.files.ModelException;
import vae.storage.ImageCodes;
import vae.storage.Labelling;
import vae.storage.LoadedModel;

/**
 * Which z gives which class, by two witnesses: what is decoded there, as a classifier judges it,
 * and whose codes lie there.
 */
public final class Atlas {
  private static final int DRAWS = 8_192;
  private static final int OWN = 300;
  private static final Seed SEED = new Seed(0);

  /** Of so many z's at once the images are in memory. */
  private static final int CHUNK = 2_000;

  /** Where the density ratio q(z) / p(z) is below this, no images are encoded. */
  public static final double LEAST_DENSITY_RATIO = 0.05;

  /** From this squared distance on, in standard deviations, a code's kernel is 0. */
  public static final float CUTOFF = ClassDensity.CUTOFF;

  /** Of the one image of unknown label, which counts where no other does. */
  public static final double STRAY_VARIANCE = ClassDensity.STRAY_VARIANCE;

  private final Labelling labelling;
  private final Decoder decoder;
  private final ClassDensity density;

  /** Decodes z's to images, [count][pixels] in [0, 1]. */
  @FunctionalInterface
  public interface Decoder {
    float[][] images(float[][] z) throws ModelException;
  }

  /** Of a model's labelling and decoder. */
  public Atlas(Labelling labelling, Decoder decoder) {
    this.labelling = labelling;
    this.decoder = decoder;
    this.density =
        new ClassDensity(
            labelling.codes(), labelling.classes().size(), labelling.codes().bandwidth());
  }

  /** Of a model; nothing if it brings no labelling. */
  public static Optional<Atlas> of(LoadedModel model) throws ModelException {
    Optional<Labelling> labelling = model.labelling();
    return labelling.isEmpty()
        ? Optional.empty()
        : Optional.of(new Atlas(labelling.get(), DecodedImages.of(model.vae())::of));
  }

  /**
   * The same of a model that must have one.
   *
   * @throws ModelException if it brings no labelling, or that is damaged
   */
  public static Atlas required(LoadedModel model) throws ModelException {
    return of(model)
        .orElseThrow(
            () ->
                new ModelException(
                    model.source(),
                    "expected a model with the codes of its training images and a judge, found"
                        + " none: the command atlas publishes it with them"));
  }

  /**
   * What is known of a point.
   *
   * @param byImage p(class | x̂(z)) of the image that it decodes to, a number a class
   * @param byCodes p(class | z) by the images encoded there, a number a class
   * @param densityRatio q(z) / p(z): how densely images are encoded there, for what the prior draws
   */
  public record Place(float[] z, double[] byImage, double[] byCodes, double densityRatio) {
    /** The class of the decoded image. */
    public int label() {
      return likeliest(byImage);
    }

    /** The class whose codes lie there. */
    public int neighbour() {
      return likeliest(byCodes);
    }

    /** How sure both are of a class: the lesser of the two. */
    public double sureness(int label) {
      return Math.min(byImage[label], byCodes[label]);
    }

    /** Whether it is in a class's region: images are encoded there, and that is what comes out. */
    public boolean isOf(int label) {
      return hasCodes() && label() == label;
    }

    /** Whether images are encoded there. */
    public boolean hasCodes() {
      return densityRatio >= LEAST_DENSITY_RATIO;
    }

    public boolean agrees() {
      return label() == neighbour();
    }
  }

  /**
   * What is known of a class.
   *
   * @param best a point that gives it: where its images lie densest and surest
   * @param area of the region where it is what comes out, within ‖z‖ ≤ 3; NaN unless z has two
   *     dimensions
   * @param share of the prior that falls into its region
   * @param takenFor the share of its images where each class's codes are the likeliest, all others
   *     judging
   */
  public record Region(int label, Place best, double area, double share, double[] takenFor) {}

  /**
   * What is known of the whole.
   *
   * @param regions one a class
   * @param empty the share of the prior where no images are encoded
   * @param agreeing the share of the rest where both witnesses tell of the same class
   */
  public record Survey(List<Region> regions, double empty, double agreeing) {}

  /** The dimensions of z. */
  public int latent() {
    return codes().latent();
  }

  public ClassNames classes() {
    return labelling.classes();
  }

  public ImageCodes codes() {
    return labelling.codes();
  }

  public Labelling labelling() {
    return labelling;
  }

  /** What is known of a point. */
  public Place at(float[] z) throws ModelException {
    return at(new float[][] {z}).get(0);
  }

  /** The same of many points, on all cores. */
  public List<Place> at(float[][] points) throws ModelException {
    List<Place> places = new ArrayList<>(points.length);
    for (int from = 0; from < points.length; from += CHUNK) {
      float[][] some = Arrays.copyOfRange(points, from, Math.min(from + CHUNK, points.length));
      places.addAll(at(some, decoder.images(some)));
    }
    return places;
  }

  /** The same where the images of the points, [count][pixels] in [0, 1], are at hand. */
  public List<Place> at(float[][] points, float[][] images) {
    return IntStream.range(0, points.length)
        .parallel()
        .mapToObj(i -> place(points[i], labelling.judge().network().probabilities(images[i])))
        .toList();
  }

  private Place place(float[] z, double[] byImage) {
    double[] densities = density.at(z, -1);
    double q = Arrays.stream(densities).sum() / density.count();
    return new Place(
        z, byImage, density.probabilities(z, densities), q / Math.exp(Prior.logDensity(z)));
  }

  /** p(class | z) by the codes alone, of many points, on all cores. */
  double[][] byCodes(float[][] points) {
    return Arrays.stream(points)
        .parallel()
        .map(z -> density.probabilities(z, -1))
        .toArray(double[][]::new);
  }

  /** The images whose means are nearest to z, by their number. */
  public int[] nearest(float[] z, int count) {
    return IntStream.range(0, codes().count())
        .boxed()
        .sorted(Comparator.comparingDouble(i -> squaredDistance(z, codes().zMean()[i])))
        .limit(count)
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** What is known of each class, and of the whole. */
  public Survey survey() throws ModelException {
    List<Place> drawn = at(Prior.draws(SEED, 0, DRAWS, latent()));
    double[][] takenFor = takenFor();
    double[] areas = areas();
    List<Region> regions = new ArrayList<>();
    for (int label = 0; label < classes().size(); label++) {
      int each = label;
      long within = drawn.stream().filter(place -> place.isOf(each)).count();
      regions.add(
          new Region(label, best(label), areas[label], within / (double) DRAWS, takenFor[label]));
    }
    List<Place> withCodes = drawn.stream().filter(Place::hasCodes).toList();
    double agreeing = withCodes.stream().filter(Place::agrees).count();
    return new Survey(
        regions, 1 - withCodes.size() / (double) DRAWS, agreeing / Math.max(1, withCodes.size()));
  }

  /**
   * A point that gives a class: of some of its own codes the one that is the densest, weighed by
   * how sure both are.
   */
  public Place best(int label) throws ModelException {
    float[][] own =
        IntStream.range(0, codes().count())
            .filter(i -> codes().labels()[i] == label)
            .limit(OWN)
            .mapToObj(i -> codes().zMean()[i])
            .toArray(float[][]::new);
    Stream<Place> places = at(own).stream();
    Optional<Place> best =
        places.max(
            Comparator.comparingDouble(
                place ->
                    Math.pow(place.sureness(label), 3)
                        * place.densityRatio()
                        * Math.exp(Prior.logDensity(place.z()))));
    return best.isPresent() ? best.get() : at(new float[latent()]);
  }

  private double[][] takenFor() {
    double[][] shares = new double[classes().size()][classes().size()];
    int step = Math.max(1, codes().count() / 6_000);
    int[] judged = IntStream.range(0, codes().count() / step).map(i -> i * step).toArray();
    int[] taken =
        Arrays.stream(judged)
            .parallel()
            .map(i -> likeliest(density.probabilities(codes().zMean()[i], i)))
            .toArray();
    int[] counts = new int[shares.length];
    for (int i : judged) {
      counts[codes().labels()[i]]++;
    }
    for (int i = 0; i < judged.length; i++) {
      int label = codes().labels()[judged[i]];
      shares[label][taken[i]] += 1.0 / counts[label];
    }
    return shares;
  }

  private double[] areas() throws ModelException {
    double[] areas = new double[classes().size()];
    if (latent() != 2) {
      Arrays.fill(areas, Double.NaN);
      return areas;
    }
    int side = 120;
    double step = 6.0 / side;
    float[][] grid = LatentGrid.linear(side, 3 - step / 2);
    for (Place place : at(grid)) {
      if (place.hasCodes() && Prior.norm(place.z()) <= 3) {
        areas[place.label()] += step * step;
      }
    }
    return areas;
  }

  private static int likeliest(double[] p) {
    int best = 0;
    for (int i = 1; i < p.length; i++) {
      best = p[i] > p[best] ? i : best;
    }
    return best;
  }

  private static double squaredDistance(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      double d = (double) a[i] - b[i];
      sum += d * d;
    }
    return sum;
  }
}

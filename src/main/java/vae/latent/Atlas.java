package vae.latent;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import vae.config.Seed;
import vae.storage.ImageCodes;

/** Which z gives which digit: p(digit | z) by the codes of labelled images. */
public final class Atlas {
  /** The digits of the labels. */
  public static final int DIGITS = DigitDensity.DIGITS;

  private static final int DRAWS = 8_192;
  private static final Seed SEED = new Seed(0);
  private static final double SUREST = 0.75;

  /** Where q(z) is below this share of the prior nothing lives. */
  private static final double INHABITED = 0.05;

  private final ImageCodes codes;
  private final DigitDensity density;

  /** Of a model's codes. */
  public Atlas(ImageCodes codes) {
    this.codes = codes;
    this.density = new DigitDensity(codes, codes.bandwidth());
  }

  /**
   * What is known of a point.
   *
   * @param z the point
   * @param probabilities p(digit | z), ten numbers
   * @param life q(z) / p(z): how densely images are encoded there, for what the prior draws there
   */
  @SuppressWarnings("ArrayRecordComponent") // Only read; never compared.
  public record Place(float[] z, double[] probabilities, double life) {
    /** The likeliest digit. */
    public int digit() {
      int best = 0;
      for (int digit = 1; digit < probabilities.length; digit++) {
        best = probabilities[digit] > probabilities[best] ? digit : best;
      }
      return best;
    }

    /** How likely the likeliest digit is. */
    public double confidence() {
      return probabilities[digit()];
    }

    /** Whether it is in a digit's region: images are encoded there, and it is the likeliest. */
    public boolean isOf(int digit) {
      return isInhabited() && digit() == digit;
    }

    /** Whether images are encoded there. */
    public boolean isInhabited() {
      return life >= INHABITED;
    }
  }

  /**
   * What is known of a digit.
   *
   * @param digit 0 to 9
   * @param z a point that gives it: where its images lie densest and surest
   * @param confidence p(digit | z) there
   * @param area of the region where it is the likeliest, within ‖z‖ ≤ 3; NaN unless z has two
   *     dimensions
   * @param share of the prior that falls into its region
   * @param surest p(digit | z) that the surest quarter of its region has at least
   * @param takenFor the share of its images where each digit is the likeliest, all others judging
   */
  @SuppressWarnings("ArrayRecordComponent") // Only read; never compared.
  public record Region(
      int digit,
      float[] z,
      double confidence,
      double area,
      double share,
      double surest,
      double[] takenFor) {}

  /** The dimensions of z. */
  public int latent() {
    return codes.latent();
  }

  /** The codes that it is made of. */
  public ImageCodes codes() {
    return codes;
  }

  /** What is known of a point. */
  public Place at(float[] z) {
    double[] densities = density.at(z, -1);
    double q = Arrays.stream(densities).sum() / density.count();
    return new Place(z, density.probabilities(z, densities), q / Math.exp(Prior.logDensity(z)));
  }

  /** The same of many points, on all cores. */
  public List<Place> at(float[][] points) {
    return Arrays.stream(points).parallel().map(this::at).toList();
  }

  /** The images whose means are nearest to z, by their number. */
  public int[] nearest(float[] z, int count) {
    return IntStream.range(0, codes.count())
        .boxed()
        .sorted(Comparator.comparingDouble(i -> squaredDistance(z, codes.zMean()[i])))
        .limit(count)
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** The share of the prior where nothing lives. */
  public double emptyShare() {
    return drawn().stream().filter(place -> !place.isInhabited()).count() / (double) DRAWS;
  }

  /** What is known of each digit. */
  public List<Region> regions() {
    List<Place> drawn = drawn();
    double[][] takenFor = takenFor();
    double[] areas = areas();
    List<Region> regions = new ArrayList<>();
    for (int digit = 0; digit < DIGITS; digit++) {
      int d = digit;
      List<Place> within = drawn.stream().filter(place -> place.isOf(d)).toList();
      Place best = best(d);
      regions.add(
          new Region(
              d,
              best.z(),
              best.probabilities()[d],
              areas[d],
              within.size() / (double) DRAWS,
              surest(within, d),
              takenFor[d]));
    }
    return regions;
  }

  /**
   * From which p(digit | z) on a z is taken for a digit's: what is asked for, or where that leaves
   * less than a quarter of the digit's region, what its surest quarter has.
   */
  public double confidenceFor(int digit, double asked) {
    List<Place> within = drawn().stream().filter(place -> place.isOf(digit)).toList();
    return Math.min(asked, surest(within, digit));
  }

  private List<Place> drawn() {
    return at(Prior.draws(SEED, 0, DRAWS, latent()));
  }

  private static double surest(List<Place> within, int digit) {
    double[] sorted =
        within.stream().mapToDouble(place -> place.probabilities()[digit]).sorted().toArray();
    return sorted.length == 0 ? 0 : sorted[(int) (sorted.length * SUREST)];
  }

  /** Of some of the digit's own codes the one that is the densest, weighed by how sure it is. */
  private Place best(int digit) {
    int[] own =
        IntStream.range(0, codes.count())
            .filter(i -> codes.labels()[i] == digit)
            .limit(600)
            .toArray();
    return Arrays.stream(own)
        .parallel()
        .mapToObj(i -> at(codes.zMean()[i]))
        .max(
            Comparator.comparingDouble(
                place -> {
                  double p = place.probabilities()[digit];
                  return p * p * p * place.life() * Math.exp(Prior.logDensity(place.z()));
                }))
        .orElseGet(() -> at(new float[latent()]));
  }

  private double[][] takenFor() {
    double[][] shares = new double[DIGITS][DIGITS];
    int step = Math.max(1, codes.count() / 6_000);
    int[] judged = IntStream.range(0, codes.count() / step).map(i -> i * step).toArray();
    int[] taken =
        Arrays.stream(judged)
            .parallel()
            .map(
                i -> {
                  float[] z = codes.zMean()[i];
                  return new Place(z, density.probabilities(z, density.at(z, i)), 1).digit();
                })
            .toArray();
    int[] counts = new int[DIGITS];
    for (int i = 0; i < judged.length; i++) {
      counts[codes.labels()[judged[i]]]++;
    }
    for (int i = 0; i < judged.length; i++) {
      int label = codes.labels()[judged[i]];
      shares[label][taken[i]] += 1.0 / counts[label];
    }
    return shares;
  }

  private double[] areas() {
    double[] areas = new double[DIGITS];
    if (latent() != 2) {
      Arrays.fill(areas, Double.NaN);
      return areas;
    }
    int side = 120;
    double step = 6.0 / side;
    float[][] grid = LatentGrid.linear(side, 3 - step / 2);
    for (Place place : at(grid)) {
      if (place.isInhabited() && Prior.norm(place.z()) <= 3) {
        areas[place.digit()] += step * step;
      }
    }
    return areas;
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

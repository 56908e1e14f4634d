package vae.latent;

import vae.storage.ImageCodes;

/**
 * How images and their labels lie in the latent space: each is spread over it by its own posterior,
 * a little widened, Σ N(z; z_mean, exp(z_std) + h²). Divided by the number of images this is the
 * aggregate posterior q(z); the share of each digit's images in it is p(digit | z).
 *
 * <p>One image of unknown label, spread far wider than the prior, is counted too: where nothing
 * lives no digit is likely.
 */
final class DigitDensity {
  static final int DIGITS = 10;

  /** Beyond five standard deviations an image counts for nothing. */
  private static final float FARTHEST = 25;

  /** Where more images than this overlap, some of them tell as much: a model hardly trained. */
  private static final int MOST = 10_000;

  private static final double STRAY_VARIANCE = 9;

  private final int latent;
  private final float[] means;
  private final float[] precisions;
  private final float[] peaks;
  private final byte[] labels;
  private final Neighbours neighbours;
  private final double[] shares = new double[DIGITS];

  /**
   * Prepares it.
   *
   * @param bandwidth h
   */
  DigitDensity(ImageCodes codes, double bandwidth) {
    int count = codes.count();
    latent = codes.latent();
    means = new float[count * latent];
    precisions = new float[count * latent];
    peaks = new float[count];
    labels = codes.labels();
    for (int i = 0; i < count; i++) {
      double peak = 1;
      for (int k = 0; k < latent; k++) {
        double variance = Math.exp(codes.zStd()[i][k]) + bandwidth * bandwidth;
        means[i * latent + k] = codes.zMean()[i][k];
        precisions[i * latent + k] = (float) (1 / variance);
        peak /= Math.sqrt(2 * Math.PI * variance);
      }
      peaks[i] = (float) peak;
      shares[labels[i]] += 1.0 / count;
    }
    neighbours = new Neighbours(means, precisions, latent, (float) Math.sqrt(FARTHEST));
  }

  /**
   * The density of each digit's images at z; their sum is the number of images times q(z).
   *
   * @param leftOut an image that doesn't count; -1 for none
   */
  double[] at(float[] z, int leftOut) {
    double[] density = new double[DIGITS];
    int[] near = neighbours.of(z);
    int step = (near.length - 1) / MOST + 1;
    for (int n = 0; n < near.length; n += step) {
      int i = near[n];
      float distance = 0;
      for (int k = 0; k < latent; k++) {
        float d = z[k] - means[i * latent + k];
        distance += d * d * precisions[i * latent + k];
      }
      if (distance < FARTHEST && i != leftOut) {
        density[labels[i]] += step * peaks[i] * Math.exp(-distance / 2);
      }
    }
    return density;
  }

  /** p(digit | z) of what {@link #at} gave. */
  double[] probabilities(float[] z, double[] density) {
    double squares = 0;
    for (float value : z) {
      squares += (double) value * value;
    }
    double stray =
        Math.exp(-squares / 2 / STRAY_VARIANCE)
            / Math.pow(2 * Math.PI * STRAY_VARIANCE, latent / 2.0);
    double all = stray;
    for (double each : density) {
      all += each;
    }
    double[] probabilities = new double[DIGITS];
    for (int digit = 0; digit < DIGITS; digit++) {
      // Far outside even the stray image's density is no number above 0.
      probabilities[digit] =
          all > 0 ? (density[digit] + stray * shares[digit]) / all : shares[digit];
    }
    return probabilities;
  }

  int count() {
    return labels.length;
  }
}

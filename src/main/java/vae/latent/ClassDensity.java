package vae.latent;

import vae.storage.ImageCodes;

/**
 * How images and their labels lie in the latent space: each is spread over it by its own posterior,
 * a little widened, Σ N(z; z_mean, exp(z_std) + h²). Divided by the number of images this is the
 * aggregate posterior q(z); the share of each class's images in it is p(class | z).
 *
 * <p>One image of unknown label, spread far wider than the prior, is counted too: where no images
 * are encoded no digit is likely.
 */
final class ClassDensity {
  /** Beyond five standard deviations an image counts for nothing. */
  static final float CUTOFF = 25;

  /** Where more images than this overlap, some of them tell as much: a model hardly trained. */
  private static final int MOST = 20_000;

  static final double STRAY_VARIANCE = 9;

  /**
   * The Gaussian kernel exp(−d/2) for d below {@link #CUTOFF}, from there on 0: no branch that a
   * processor could guess wrong. Lines between its entries are off by 8e-8 of it.
   */
  private static final float[] KERNEL = new float[16_386];

  private static final float ENTRIES = (KERNEL.length - 2) / CUTOFF;

  static {
    for (int i = 0; i < KERNEL.length; i++) {
      KERNEL[i] = i / ENTRIES < CUTOFF ? (float) Math.exp(-i / ENTRIES / 2) : 0;
    }
  }

  private final int latent;

  /** An image's mean and precision in each dimension, then its peak: side by side in memory. */
  private final float[] kernels;

  private final int stride;
  private final byte[] labels;
  private final Neighbours neighbours;
  private final double[] shares;

  /** Prepares it, with h as bandwidth. */
  ClassDensity(ImageCodes codes, int classes, double bandwidth) {
    shares = new double[classes];
    int count = codes.count();
    latent = codes.latent();
    stride = 2 * latent + 1;
    kernels = new float[count * stride];
    labels = codes.labels();
    for (int i = 0; i < count; i++) {
      double peak = 1;
      for (int k = 0; k < latent; k++) {
        double variance = Math.exp(codes.zStd()[i][k]) + bandwidth * bandwidth;
        peak /= Math.sqrt(2 * Math.PI * variance);
        kernels[i * stride + 2 * k] = codes.zMean()[i][k];
        kernels[i * stride + 2 * k + 1] = (float) (1 / variance);
      }
      kernels[i * stride + 2 * latent] = (float) peak;
      shares[labels[i]] += 1.0 / count;
    }
    neighbours = new Neighbours(kernels, stride, latent, (float) Math.sqrt(CUTOFF));
  }

  /**
   * The density of each class's images at z, without one image, or all with −1; their sum is the
   * number of images times q(z).
   */
  double[] at(float[] z, int leftOut) {
    double[] density = new double[shares.length];
    int[] near = neighbours.of(z);
    int step = (near.length - 1) / MOST + 1;
    for (int n = 0; n < near.length; n += step) {
      int i = near[n];
      float distance = latent == 2 ? ofTwo(z[0], z[1], i * stride) : distance(z, i * stride);
      if (i != leftOut) {
        density[labels[i]] += step * kernels[i * stride + 2 * latent] * kernel(distance);
      }
    }
    return density;
  }

  /** What {@link #distance} gives for a plane, in little more than half the time. */
  private float ofTwo(float x, float y, int at) {
    float dx = x - kernels[at];
    float dy = y - kernels[at + 2];
    return dx * dx * kernels[at + 1] + dy * dy * kernels[at + 3];
  }

  private float distance(float[] z, int at) {
    float distance = 0;
    for (int k = 0; k < latent; k++) {
      float d = z[k] - kernels[at + 2 * k];
      distance += d * d * kernels[at + 2 * k + 1];
    }
    return distance;
  }

  private static float kernel(float distance) {
    float at = Math.min(distance, CUTOFF) * ENTRIES;
    int entry = (int) at;
    return KERNEL[entry] + (at - entry) * (KERNEL[entry + 1] - KERNEL[entry]);
  }

  /** p(class | z), without one image, or of all with −1. */
  double[] probabilities(float[] z, int leftOut) {
    return probabilities(z, at(z, leftOut));
  }

  /** The same of what {@link #at} gave. */
  double[] probabilities(float[] z, double[] density) {
    double stray =
        Math.exp(-Prior.squaredNorm(z) / 2 / STRAY_VARIANCE)
            / Math.pow(2 * Math.PI * STRAY_VARIANCE, latent / 2.0);
    double all = stray;
    for (double each : density) {
      all += each;
    }
    double[] probabilities = new double[shares.length];
    for (int label = 0; label < shares.length; label++) {
      // Far outside even the stray image's density is no number above 0.
      probabilities[label] =
          all > 0 ? (density[label] + stray * shares[label]) / all : shares[label];
    }
    return probabilities;
  }

  int count() {
    return labels.length;
  }
}

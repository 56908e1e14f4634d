package vae.latent;

import vae.config.Seed;

/** The prior of z, N(0, I). */
public final class Prior {
  private static final double LOG_2_PI = Math.log(2 * Math.PI);

  /** A z is off the prior if less than this share of it lies farther from the origin. */
  public static final double OFF = 0.01;

  private Prior() {}

  /** log p(z), in nats. */
  public static double logDensity(float[] z) {
    return -0.5 * (squaredNorm(z) + z.length * LOG_2_PI);
  }

  /** ‖z‖. */
  public static double norm(float[] z) {
    return Math.sqrt(squaredNorm(z));
  }

  /**
   * How far out z lies: the share of the prior that is farther from the centre. It is the chance
   * that χ² with as many degrees of freedom as z has dimensions exceeds ‖z‖²; of two dimensions
   * {@code exp(−‖z‖²/2)}.
   */
  public static double shareBeyond(float[] z) {
    double half = squaredNorm(z) / 2;
    // Q(a + 1, x) = Q(a, x) + xᵃ·e⁻ˣ / Γ(a + 1): Abramowitz and Stegun, 6.5.21.
    boolean even = z.length % 2 == 0;
    double a = even ? 1 : 0.5;
    double share = even ? Math.exp(-half) : erfc(Math.sqrt(half));
    double logGamma = even ? 0 : Math.log(Math.sqrt(Math.PI) / 2); // of a + 1
    while (a < z.length / 2.0 - 0.25) {
      share += half == 0 ? 0 : Math.exp(a * Math.log(half) - half - logGamma);
      a++;
      logGamma += Math.log(a);
    }
    return Math.min(1, share);
  }

  /** Whether z is farther out than 99 % of the prior: what is decoded there was hardly trained. */
  public static boolean isOff(float[] z) {
    return shareBeyond(z) < OFF;
  }

  /**
   * Independent draws.
   *
   * @param index tells these draws from others of the seed
   * @return [count][latent]
   */
  public static float[][] draws(Seed seed, long index, int count, int latent) {
    float[] values = new float[count * latent];
    seed.fillNormal(Seed.Purpose.PRIOR, index, values);
    float[][] rows = new float[count][latent];
    for (int i = 0; i < count; i++) {
      System.arraycopy(values, i * latent, rows[i], 0, latent);
    }
    return rows;
  }

  private static double squaredNorm(float[] z) {
    double sum = 0;
    for (float value : z) {
      sum += (double) value * value;
    }
    return sum;
  }

  /** 1 − erf(x) for x ≥ 0, by its series near 0 and its continued fraction beyond. */
  private static double erfc(double x) {
    if (x < 2) {
      double term = x;
      double sum = x;
      for (int n = 1; Math.abs(term) > 1e-17 * sum; n++) {
        term *= -x * x / n;
        sum += term / (2 * n + 1);
      }
      return 1 - 2 / Math.sqrt(Math.PI) * sum;
    }
    double fraction = 0;
    for (int n = 60; n >= 1; n--) {
      fraction = n / 2.0 / (x + fraction);
    }
    return Math.exp(-x * x) / Math.sqrt(Math.PI) / (x + fraction);
  }
}

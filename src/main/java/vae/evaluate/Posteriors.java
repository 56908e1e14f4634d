package vae.evaluate;

import vae.config.Seed;
import vae.functions.Posterior;
import vae.latent.Prior;

/** What can be said of q(z|x), N(z_mean, exp(z_std)). */
final class Posteriors {
  private Posteriors() {}

  /** A draw of each image's, [count][latent]: the tutorial's {@code sampler}. */
  static float[][] draw(Posterior q, Seed seed, int index) {
    float[] epsilon = new float[q.zMean().length * q.zMean()[0].length];
    seed.fillNormal(Seed.Purpose.EVALUATION, index, epsilon);
    return draw(q, epsilon);
  }

  /** The same with each image's noise from its own index, whichever images are beside it. */
  static float[][] draw(Posterior q, Seed seed, long[] indices) {
    int latent = q.zMean()[0].length;
    float[] epsilon = new float[q.zMean().length * latent];
    float[] own = new float[latent];
    for (int i = 0; i < q.zMean().length; i++) {
      seed.fillNormal(Seed.Purpose.EVALUATION, indices[i], own);
      System.arraycopy(own, 0, epsilon, i * latent, latent);
    }
    return draw(q, epsilon);
  }

  private static float[][] draw(Posterior q, float[] epsilon) {
    int latent = q.zMean()[0].length;
    float[][] z = new float[q.zMean().length][latent];
    for (int i = 0; i < z.length; i++) {
      for (int k = 0; k < latent; k++) {
        z[i][k] = q.zMean()[i][k] + (float) Math.exp(q.zStd()[i][k] / 2) * epsilon[i * latent + k];
      }
    }
    return z;
  }

  /** log q(z|x). */
  static double logDensity(float[] z, float[] mean, float[] logVariance) {
    double sum = 0;
    for (int k = 0; k < z.length; k++) {
      double d = (double) z[k] - mean[k];
      sum += Prior.LOG_2_PI + logVariance[k] + d * d * Math.exp(-logVariance[k]);
    }
    return -sum / 2;
  }
}

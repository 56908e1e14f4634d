package vae.evaluate;

import vae.functions.Posterior;

/** Which dimensions of z a model uses. */
public final class ActiveUnits {
  private static final double LEAST = 0.01;

  private ActiveUnits() {}

  /**
   * A unit is active if its posterior mean varies from image to image, by a variance of more than
   * 0.01 (Burda, Grosse and Salakhutdinov, 2015, section 5.2).
   */
  public static boolean[] of(Posterior posterior) {
    float[][] means = posterior.zMean();
    boolean[] active = new boolean[means[0].length];
    for (int k = 0; k < active.length; k++) {
      double sum = 0;
      double squares = 0;
      for (float[] mean : means) {
        sum += mean[k];
        squares += (double) mean[k] * mean[k];
      }
      double average = sum / means.length;
      active[k] = squares / means.length - average * average > LEAST;
    }
    return active;
  }
}

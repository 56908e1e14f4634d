package vae.evaluate;

import vae.functions.Posterior;
import vae.latent.CodesSpread;

/** Which dimensions of z a model uses. */
public final class ActiveUnits {
  private static final double LEAST = 0.01;

  private ActiveUnits() {}

  /**
   * A unit is active if its posterior mean varies from image to image, by a variance of more than
   * 0.01 (Burda, Grosse and Salakhutdinov, 2015, section 5.2).
   */
  public static boolean[] of(Posterior posterior) {
    double[] deviation = CodesSpread.of(posterior.zMean()).deviation();
    boolean[] active = new boolean[deviation.length];
    for (int k = 0; k < active.length; k++) {
      active[k] = deviation[k] * deviation[k] > LEAST;
    }
    return active;
  }
}

package vae.config;

/**
 * What a training minimises: the reconstruction loss plus β times the KL divergence. With β = 1 and
 * a cross-entropy it is the negative ELBO (Kingma and Welling, 2013); other βs weigh the code's
 * price otherwise (Higgins et al., 2017).
 */
public record Objective(LossFormula formula, float beta) {
  /** The tutorial's literal formula. */
  public static final Objective TUTORIAL = new Objective(LossFormula.TUTORIAL, 1);

  /** Refuses a β that is not a positive number, by an IllegalArgumentException. */
  public Objective {
    if (!(beta > 0 && Float.isFinite(beta))) {
      throw new IllegalArgumentException("beta must be a positive number, found " + beta);
    }
  }
}

package vae.config;

/** How the reconstruction term of the loss is computed. */
public enum LossFormula {
  /**
   * The tutorial's literal formula, {@code x·log(1e-10 + x̂) + (1 − x)·log(1e-10 + 1 − x̂)}. In
   * float32 the second guard vanishes: once a logit passes 16.64, x̂ is 1 and the loss can be NaN.
   */
  TUTORIAL,
  /** The same from the logits, {@code softplus(l) − x·l}: equal wherever the guards do nothing. */
  LOGITS,
  /**
   * The squared error, {@code ‖x − x̂‖²}. With the KL divergence weighed by λ it is, but for a
   * constant, λ times the negative ELBO of a decoder with normal noise of variance λ/2 a pixel.
   */
  L2
}

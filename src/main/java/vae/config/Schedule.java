package vae.config;

/** How the learning rate goes down in the course of a training. */
public enum Schedule {
  /** Not at all, as in the tutorial. */
  CONSTANT,
  /** From η to almost 0 along half a cosine (Loshchilov and Hutter, 2016, without restarts). */
  COSINE;

  /** What the learning rate is multiplied by at a step, from 1 to {@code steps}: in (0, 1]. */
  public float factor(int step, int steps) {
    return switch (this) {
      case CONSTANT -> 1;
      case COSINE -> (float) ((1 + Math.cos(Math.PI * (step - 1) / steps)) / 2);
    };
  }
}

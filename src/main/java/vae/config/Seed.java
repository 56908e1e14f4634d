package vae.config;

import java.util.Random;

/**
 * The one number from which all chance in a run follows. Each draw is a function of (seed, purpose,
 * index), so that no draw depends on how many others came before it: logging a loss, or resuming at
 * a step, leaves all others as they were.
 *
 * <p>The generator is {@link Random}, whose algorithm (its Gaussians too) is part of its contract:
 * the same numbers come on every platform and Java version.
 *
 * @param value any number
 */
public record Seed(long value) {
  /** What a draw is for; each has a stream of its own. */
  public enum Purpose {
    /** The order of the images; the index is the epoch. */
    SHUFFLE(0),
    /** The ε of a training step; the index is the step. */
    TRAINING_NOISE(1),
    /** The ε of a logged loss; the index is the step. */
    LOGGING_NOISE(2),
    /** Inputs on which two programs are compared; the index tells them apart. */
    PROBE(3),
    /** Which grey pixels of a training step are drawn white; the index is the step. */
    BINARISATION(4),
    /** The ε of an evaluation; the index tells draws apart. */
    EVALUATION(5),
    /** Draws from the prior; the index tells them apart. */
    PRIOR(6);

    /** Part of every draw: changing one changes what its seed gives. */
    private final int stream;

    Purpose(int stream) {
      this.stream = stream;
    }
  }

  /** A generator for one draw. */
  public Random random(Purpose purpose, long index) {
    return new Random(mix(mix(mix(value) + purpose.stream) + index));
  }

  /** Fills an array with draws from N(0, 1). */
  public void fillNormal(Purpose purpose, long index, float[] target) {
    Random random = random(purpose, index);
    for (int i = 0; i < target.length; i++) {
      target[i] = (float) random.nextGaussian();
    }
  }

  /** SplitMix64's finaliser (Steele, Lea and Flood, 2014): neighbouring inputs part company. */
  private static long mix(long z) {
    z += 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}

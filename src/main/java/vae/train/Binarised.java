package vae.train;

import java.util.Random;
import vae.config.Seed;

/** Images whose pixels have been drawn black or white. */
final class Binarised {
  private Binarised() {}

  /**
   * Draws each pixel as 1 with its value for the probability, else 0: a function of seed, step and
   * the pixels. Only grey ones take a number.
   *
   * @param pixels in [0, 1]
   * @return as many, each 0 or 1
   */
  static float[] drawn(Seed seed, int step, float[] pixels) {
    Random random = seed.random(Seed.Purpose.BINARISATION, step);
    float[] drawn = new float[pixels.length];
    for (int i = 0; i < drawn.length; i++) {
      float pixel = pixels[i];
      drawn[i] = pixel >= 1 || (pixel > 0 && random.nextFloat() < pixel) ? 1 : 0;
    }
    return drawn;
  }
}

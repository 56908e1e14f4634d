package vae.train;

import java.util.Random;
import vae.config.Seed;
import vae.mnist.Images;

/** Images whose pixels have been drawn black or white. */
final class Binarised {
  private static final float WHITE = 255;

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
      drawn[i] = isWhite(random, pixels[i]) ? 1 : 0;
    }
    return drawn;
  }

  /**
   * The same of images that are held as bytes.
   *
   * @param chosen the step's batch
   */
  static byte[] drawn(Seed seed, int step, Images images, int[] chosen) {
    Random random = seed.random(Seed.Purpose.BINARISATION, step);
    int size = images.pixelsPerImage();
    byte[] drawn = new byte[chosen.length * size];
    for (int i = 0; i < chosen.length; i++) {
      byte[] bytes = images.bytes(chosen[i]);
      for (int pixel = 0; pixel < size; pixel++) {
        drawn[i * size + pixel] = (byte) (isWhite(random, (bytes[pixel] & 0xff) / WHITE) ? 1 : 0);
      }
    }
    return drawn;
  }

  private static boolean isWhite(Random random, float pixel) {
    return pixel >= 1 || (pixel > 0 && random.nextFloat() < pixel);
  }
}

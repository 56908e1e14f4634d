package vae.mnist;

import java.util.Random;
import vae.config.Seed;
import vae.config.Seed.Purpose;
import vae.tensor.ImageShape;

/** Made-up images of MNIST's size, of which something can be learnt: a soft disc each. */
public final class SyntheticImages {
  private static final int SIDE = 28;
  private static final double MARGIN = 6;
  private static final double RADIUS = 4;

  private SyntheticImages() {}

  /** So many, which follow from the seed. */
  public static Images of(int count, Seed seed) {
    byte[] pixels = new byte[count * SIDE * SIDE];
    for (int image = 0; image < count; image++) {
      Random random = seed.random(Purpose.PROBE, image);
      double centreX = MARGIN + random.nextDouble() * (SIDE - 2 * MARGIN);
      double centreY = MARGIN + random.nextDouble() * (SIDE - 2 * MARGIN);
      for (int pixel = 0; pixel < SIDE * SIDE; pixel++) {
        int x = pixel % SIDE;
        int y = pixel / SIDE;
        double distance = Math.hypot(x - centreX, y - centreY) / RADIUS;
        pixels[image * SIDE * SIDE + pixel] =
            (byte) Math.round(255 * Math.exp(-distance * distance));
      }
    }
    return new Images(ImageShape.grey(SIDE, SIDE), pixels, Labels.none(count));
  }
}

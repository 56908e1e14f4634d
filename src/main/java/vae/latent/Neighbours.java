package vae.latent;

import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * Which images may count at a point: squares tile the plane of the first two dimensions, and each
 * knows the images that reach into it. They are small, so that few do that don't count. The squares
 * at the edge stand for all that lies beyond them.
 */
final class Neighbours {
  private static final int SQUARES_AN_AXIS = 512;

  /** Images that reach into more squares than that on an axis count everywhere. */
  private static final int MOST_SQUARES = 64;

  private static final int SQUARES_A_RADIUS = 3;

  private final float[] kernels;
  private final int stride;
  private final int dimensions;
  private final float reach;
  private final float side;
  private final int[][] bySquare;

  /**
   * Sorts images in.
   *
   * @param kernels of each image a mean and a precision (1/σ²) in each dimension, and more
   * @param stride numbers an image
   * @param reach how many standard deviations an image counts
   */
  Neighbours(float[] kernels, int stride, int latent, float reach) {
    this.kernels = kernels;
    this.stride = stride;
    this.dimensions = Math.min(latent, 2);
    this.reach = reach;
    int count = kernels.length / stride;
    double sum = 0;
    for (int i = 0; i < count; i++) {
      for (int k = 0; k < latent; k++) {
        sum += reach / Math.sqrt(kernels[i * stride + 2 * k + 1]);
      }
    }
    side = (float) (sum / (count * latent) / SQUARES_A_RADIUS);
    // Counted first: lists that grow would hold several times as much, for each of many bandwidths.
    int[] sizes = new int[SQUARES_AN_AXIS * (latent > 1 ? SQUARES_AN_AXIS : 1)];
    int[] wide = new int[count];
    int wides = 0;
    for (int i = 0; i < count; i++) {
      if (!eachSquare(i, square -> sizes[square]++)) {
        wide[wides++] = i;
      }
    }
    int[] everywhere = Arrays.copyOf(wide, wides);
    bySquare = new int[sizes.length][];
    for (int square = 0; square < sizes.length; square++) {
      bySquare[square] =
          sizes[square] == 0 ? everywhere : Arrays.copyOf(everywhere, wides + sizes[square]);
    }
    for (int i = 0; i < count; i++) {
      int image = i;
      eachSquare(i, square -> bySquare[square][bySquare[square].length - sizes[square]--] = image);
    }
  }

  /**
   * Names the squares that an image reaches into; none, and returns false, if they are too many.
   */
  private boolean eachSquare(int image, IntConsumer named) {
    int[] from = new int[2];
    int[] to = new int[2];
    for (int k = 0; k < dimensions; k++) {
      float mean = kernels[image * stride + 2 * k];
      float radius = reach / (float) Math.sqrt(kernels[image * stride + 2 * k + 1]);
      if (radius >= side * MOST_SQUARES / 2) {
        return false;
      }
      from[k] = cell(mean - radius);
      to[k] = cell(mean + radius);
    }
    for (int y = from[1]; y <= to[1]; y++) {
      for (int x = from[0]; x <= to[0]; x++) {
        named.accept(y * SQUARES_AN_AXIS + x);
      }
    }
    return true;
  }

  /** The images that may count at z. */
  int[] of(float[] z) {
    return bySquare[(z.length > 1 ? cell(z[1]) * SQUARES_AN_AXIS : 0) + cell(z[0])];
  }

  private int cell(float coordinate) {
    double cell = Math.floor(coordinate / side) + SQUARES_AN_AXIS / 2;
    return (int) Math.max(0, Math.min(SQUARES_AN_AXIS - 1, cell));
  }
}

package vae.latent;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Which images may count at a point: squares tile the plane of the first two dimensions, and each
 * knows the images that reach into it. They are small, so that few do that don't count.
 */
final class Neighbours {
  /** Images that reach into more squares than that on an axis count everywhere. */
  private static final int MOST_SQUARES = 64;

  private static final int SQUARES_A_RADIUS = 3;
  private static final double FARTHEST_SQUARE = 1e9;

  private final float side;
  private final Map<Long, int[]> bySquare = new HashMap<>();
  private final int[] everywhere;

  /**
   * Sorts them in.
   *
   * @param means [count · latent]
   * @param precisions one over each variance, [count · latent]
   * @param reach how many standard deviations an image counts
   */
  Neighbours(float[] means, float[] precisions, int latent, float reach) {
    int count = means.length / latent;
    int dims = Math.min(latent, 2);
    double sum = 0;
    for (float precision : precisions) {
      sum += reach / Math.sqrt(precision);
    }
    side = (float) (sum / precisions.length / SQUARES_A_RADIUS);
    Map<Long, Square> squares = new HashMap<>();
    var wide = new Square();
    int[] from = new int[2];
    int[] to = new int[2];
    for (int i = 0; i < count; i++) {
      boolean narrow = true;
      for (int k = 0; k < dims; k++) {
        float mean = means[i * latent + k];
        float radius = reach / (float) Math.sqrt(precisions[i * latent + k]);
        from[k] = cell(mean - radius);
        to[k] = cell(mean + radius);
        narrow &=
            Math.abs((double) mean) + radius < side * FARTHEST_SQUARE
                && radius < side * MOST_SQUARES / 2;
      }
      if (!narrow) {
        wide.add(i);
        continue;
      }
      for (int x = from[0]; x <= to[0]; x++) {
        for (int y = from[1]; y <= to[1]; y++) {
          squares.computeIfAbsent(key(x, y), square -> new Square()).add(i);
        }
      }
    }
    everywhere = wide.images();
    squares.forEach((key, square) -> bySquare.put(key, square.with(everywhere)));
  }

  /** The images that may count at z. */
  int[] of(float[] z) {
    return bySquare.getOrDefault(key(cell(z[0]), z.length > 1 ? cell(z[1]) : 0), everywhere);
  }

  private int cell(float coordinate) {
    return (int) Math.floor(coordinate / side);
  }

  private static long key(int x, int y) {
    return ((long) x << 32) | (y & 0xffffffffL);
  }

  /** A list that grows. */
  private static final class Square {
    private int[] images = new int[64];
    private int size;

    void add(int image) {
      if (size == images.length) {
        images = Arrays.copyOf(images, 2 * size);
      }
      images[size++] = image;
    }

    int[] images() {
      return Arrays.copyOf(images, size);
    }

    int[] with(int[] others) {
      int[] all = Arrays.copyOf(images, size + others.length);
      System.arraycopy(others, 0, all, size, others.length);
      return all;
    }
  }
}

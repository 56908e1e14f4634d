package vae.latent;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongConsumer;

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
    double sum = 0;
    for (float precision : precisions) {
      sum += reach / Math.sqrt(precision);
    }
    side = (float) (sum / precisions.length / SQUARES_A_RADIUS);
    boolean[] wide = new boolean[count];
    // Counted first: lists that grow would hold several times as much, for each of many bandwidths.
    Map<Long, Square> squares = new HashMap<>();
    int wides = 0;
    for (int i = 0; i < count; i++) {
      wide[i] =
          !eachSquare(means, precisions, latent, reach, i, key -> counted(squares, key).size++);
      wides += wide[i] ? 1 : 0;
    }
    everywhere = new int[wides];
    for (int i = count - 1; i >= 0; i--) {
      if (wide[i]) {
        everywhere[--wides] = i;
      }
    }
    squares.values().forEach(square -> square.fill(everywhere));
    for (int i = 0; i < count; i++) {
      int image = i;
      if (!wide[i]) {
        eachSquare(means, precisions, latent, reach, i, key -> counted(squares, key).add(image));
      }
    }
    squares.forEach((key, square) -> bySquare.put(key, square.images));
  }

  private static Square counted(Map<Long, Square> squares, long key) {
    return squares.computeIfAbsent(key, square -> new Square());
  }

  /**
   * Names the squares that an image reaches into, in order.
   *
   * @return false if they are too many, of which none is named
   */
  private boolean eachSquare(
      float[] means, float[] precisions, int latent, float reach, int image, LongConsumer named) {
    int[] from = new int[2];
    int[] to = new int[2];
    for (int k = 0; k < Math.min(latent, 2); k++) {
      float mean = means[image * latent + k];
      float radius = reach / (float) Math.sqrt(precisions[image * latent + k]);
      if (Math.abs((double) mean) + radius >= side * FARTHEST_SQUARE
          || radius >= side * MOST_SQUARES / 2) {
        return false;
      }
      from[k] = cell(mean - radius);
      to[k] = cell(mean + radius);
    }
    for (int x = from[0]; x <= to[0]; x++) {
      for (int y = from[1]; y <= to[1]; y++) {
        named.accept(key(x, y));
      }
    }
    return true;
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

  /** The images of a square, which are counted before they are listed. */
  private static final class Square {
    private int[] images = new int[0];
    private int size;

    /** Makes room for those counted, before those that reach everywhere. */
    void fill(int[] everywhere) {
      images = new int[size + everywhere.length];
      System.arraycopy(everywhere, 0, images, size, everywhere.length);
      size = 0;
    }

    void add(int image) {
      images[size++] = image;
    }
  }
}

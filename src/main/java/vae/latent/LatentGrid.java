package vae.latent;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/** Points of the plane in rows, the topmost first, each from left to right; and of a line. */
public final class LatentGrid {
  private LatentGrid() {}

  /** Evenly spaced from −reach to reach, side × side: the grid of the tutorial's ancestor. */
  public static float[][] linear(int side, double reach) {
    return of(side, i -> side == 1 ? 0 : -reach + 2 * reach * i / (side - 1));
  }

  /** At the normal distribution's quantiles, side × side: each stands for as much of the prior. */
  public static float[][] quantiles(int side) {
    return of(side, i -> quantile((i + 0.5) / side));
  }

  /** Points of the straight line from one z to another, both included; at least two. */
  public static float[][] line(float[] from, float[] to, int count) {
    float[][] points = new float[count][from.length];
    for (int i = 0; i < count; i++) {
      float share = (float) i / (count - 1);
      for (int k = 0; k < from.length; k++) {
        points[i][k] = (1 - share) * from[k] + share * to[k];
      }
    }
    return points;
  }

  /** The points in a space of another number of dimensions: those that are added are 0. */
  public static float[][] within(float[][] points, int latent) {
    float[][] within = new float[points.length][];
    for (int i = 0; i < points.length; i++) {
      within[i] = Arrays.copyOf(points[i], latent);
    }
    return within;
  }

  private static float[][] of(int side, IntToDoubleFunction coordinate) {
    float[][] points = new float[side * side][];
    for (int row = 0; row < side; row++) {
      for (int column = 0; column < side; column++) {
        points[row * side + column] =
            new float[] {
              (float) coordinate.applyAsDouble(column),
              (float) coordinate.applyAsDouble(side - 1 - row)
            };
      }
    }
    return points;
  }

  /** Below which a share of N(0, 1) lies, by bisection of {@link Prior#shareBeyond}. */
  private static double quantile(double share) {
    if (share < 0.5) {
      return -quantile(1 - share);
    }
    double low = 0;
    double high = 40;
    for (int i = 0; i < 60; i++) {
      double middle = (low + high) / 2;
      // Both tails lie beyond |z|.
      if (Prior.shareBeyond(new float[] {(float) middle}) / 2 > 1 - share) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }
}

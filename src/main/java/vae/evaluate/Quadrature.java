package vae.evaluate;

import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;
import vae.files.ModelException;
import vae.latent.Prior;
import vae.latent.Progress;
import vae.storage.LoadedModel;

/**
 * −log p(x) = −log ∫ p(x|z)·p(z) dz by the midpoint rule over the plane, for models with two latent
 * dimensions. The encoder has no part in it.
 *
 * <p>Squares of side 0.1 tile [−5, 5]², beyond which lies 4e-6 of the prior. Of those whose middle
 * is worth e⁻³⁰ of an image's best, each of 25 points a square counts; a posterior as narrow as
 * their distance, 0.02, is still summed to 1e-8 (the error of the rule is exp(−2π²σ²/h²)).
 */
public final class Quadrature {
  private static final double REACH = 5;
  private static final double SIDE = 0.1;
  private static final int POINTS = 5;
  private static final int SQUARES = (int) Math.round(2 * REACH / SIDE);
  private static final double LEAST = 30;

  /** Squares whose points are decoded at once. */
  private static final int AT_ONCE = 40;

  private Quadrature() {}

  public static boolean fits(LoadedModel model) throws ModelException {
    return model.vae().latentSize() == 2;
  }

  /** Computes it for images in [0, 1], [count][input]; nats, one an image. */
  public static double[] of(LoadedModel model, float[][] images, Progress progress)
      throws ModelException {
    Likelihood likelihood = Likelihood.of(model);
    SparseImage[] sparse = SparseImage.of(images);
    float[][] middles = new float[SQUARES * SQUARES][];
    Arrays.setAll(middles, square -> point(square, POINTS / 2, POINTS / 2));
    BitSet[] counting = counting(likelihood, sparse, middles, likelihood.decode(model, middles));

    LogSum[] sums = new LogSum[images.length];
    Arrays.setAll(sums, i -> new LogSum());
    int perSquare = POINTS * POINTS;
    for (int first = 0; first < middles.length; first += AT_ONCE) {
      int start = first;
      int count = Math.min(AT_ONCE, middles.length - first);
      if (IntStream.range(start, start + count)
          .noneMatch(square -> Arrays.stream(counting).anyMatch(bits -> bits.get(square)))) {
        continue;
      }
      float[][] z = new float[count * perSquare][];
      Arrays.setAll(
          z, i -> point(start + i / perSquare, i % perSquare / POINTS, i % perSquare % POINTS));
      Likelihood.Decoded decoded = likelihood.decode(model, z);
      IntStream.range(0, images.length)
          .parallel()
          .forEach(
              image -> {
                BitSet squares = counting[image];
                for (int square = squares.nextSetBit(start);
                    square >= 0 && square < start + count;
                    square = squares.nextSetBit(square + 1)) {
                  for (int i = 0; i < perSquare; i++) {
                    int row = (square - start) * perSquare + i;
                    sums[image].add(
                        likelihood.log(sparse[image], decoded, row) + Prior.logDensity(z[row]));
                  }
                }
              });
      progress.done(start + count, middles.length);
    }
    double logArea = 2 * Math.log(SIDE / POINTS);
    return Arrays.stream(sums).mapToDouble(sum -> -(sum.value() + logArea)).toArray();
  }

  /** The squares that count, for each image. */
  private static BitSet[] counting(
      Likelihood likelihood, SparseImage[] images, float[][] middles, Likelihood.Decoded decoded) {
    double[] prior = Arrays.stream(middles).mapToDouble(Prior::logDensity).toArray();
    BitSet[] counting = new BitSet[images.length];
    IntStream.range(0, images.length)
        .parallel()
        .forEach(
            image -> {
              double[] joint = new double[middles.length];
              double best = Double.NEGATIVE_INFINITY;
              for (int square = 0; square < joint.length; square++) {
                joint[square] = likelihood.log(images[image], decoded, square) + prior[square];
                best = Math.max(best, joint[square]);
              }
              BitSet squares = new BitSet(joint.length);
              for (int square = 0; square < joint.length; square++) {
                squares.set(square, joint[square] >= best - LEAST);
              }
              counting[image] = squares;
            });
    return counting;
  }

  private static float[] point(int square, int row, int column) {
    double step = SIDE / POINTS;
    return new float[] {
      (float) (-REACH + square % SQUARES * SIDE + (column + 0.5) * step),
      (float) (-REACH + Math.floorDiv(square, SQUARES) * SIDE + (row + 0.5) * step)
    };
  }
}

package vae.mnist;

import java.util.Random;
import vae.config.Seed;

/**
 * An endless stream of shuffled images, cut into batches. The stream is one seeded permutation of
 * all images after another, so each image comes once an epoch; a batch may straddle two epochs. A
 * batch is a function of (seed, step) alone. Not safe for use by several threads.
 */
public final class MiniBatches {
  private final Images images;
  private final int count;
  private final int batchSize;
  private final Seed seed;
  private long shuffledEpoch = -1;
  private int[] order = {};

  /** Batches of {@code batchSize} images. */
  public MiniBatches(Images images, int batchSize, Seed seed) {
    this(images, images.count(), batchSize, seed);
  }

  /** The same of the first {@code count} images. */
  public MiniBatches(Images images, int count, int batchSize, Seed seed) {
    this.images = images;
    this.count = count;
    this.batchSize = batchSize;
    this.seed = seed;
  }

  /** Writes the pixels of the batch of a step, from 1, in [0, 1], [batchSize, pixelsPerImage]. */
  public void copyBatch(long step, float[] target) {
    int[] batch = indices(step);
    for (int i = 0; i < batchSize; i++) {
      images.copyPixels(batch[i], target, i * images.pixelsPerImage());
    }
  }

  /** Which images are the batch of a step, from 1. */
  public int[] indices(long step) {
    int[] batch = new int[batchSize];
    long first = (step - 1) * batchSize;
    for (int i = 0; i < batchSize; i++) {
      batch[i] = imageAt(first + i);
    }
    return batch;
  }

  private int imageAt(long position) {
    long epoch = position / count;
    if (epoch != shuffledEpoch) {
      order = permutation(seed.random(Seed.Purpose.SHUFFLE, epoch), count);
      shuffledEpoch = epoch;
    }
    return order[(int) (position % count)];
  }

  /** Fisher and Yates's shuffle, in Durstenfeld's form. */
  private static int[] permutation(Random random, int n) {
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }
}

package vae.train;

import vae.config.Seed;
import vae.mnist.Images;
import vae.mnist.MiniBatches;

/** Batches of images that are all at hand: a function of (seed, step) alone. */
public final class ImagesInMemory implements Batches {
  private final Images images;
  private final MiniBatches batches;

  /** Batches of {@code batchSize} images. */
  public ImagesInMemory(Images images, int batchSize, Seed seed) {
    this.images = images;
    this.batches = new MiniBatches(images, batchSize, seed);
  }

  /** What the batches are of. */
  Images images() {
    return images;
  }

  @Override
  public void copyBatch(long step, float[] target) {
    batches.copyBatch(step, target);
  }
}

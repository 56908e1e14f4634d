package vae.train;

import vae.config.TrainingPlan;
import vae.mnist.DataException;

/** Where the trainer's batches come from. */
@FunctionalInterface
public interface Batches extends AutoCloseable {
  /**
   * Writes the batch of a step.
   *
   * @param step from 1; steps are asked for in order, each once
   * @param target the pixels, in [0, 1], of shape [batch, pixels]
   * @throws DataException if an image can't be read
   */
  void copyBatch(long step, float[] target) throws DataException;

  /** Makes a plan's batches, if its images can be read; who asks closes them. */
  @FunctionalInterface
  interface Source {
    Batches of(TrainingPlan plan) throws DataException;
  }

  /** Frees what the batches hold; nothing, for most. */
  @Override
  default void close() {}
}

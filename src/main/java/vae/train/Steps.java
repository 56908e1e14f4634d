package vae.train;

import java.util.OptionalInt;
import java.util.function.IntUnaryOperator;
import vae.mnist.DataException;

/** Takes a training's steps: one a call, or many. */
interface Steps extends AutoCloseable {
  /**
   * The last step that a call may take.
   *
   * @param first the call's first
   */
  int last(int first);

  /** The step from which on XLA's code trains; nothing if none is. */
  default OptionalInt compiledFrom() {
    return OptionalInt.empty();
  }

  /**
   * Gets ready what can be got ready before.
   *
   * @param first the training's first step
   * @param lastOfCall the last step of a call, by its first
   * @param listener is told if it will be slower than it might be
   */
  default void start(int first, IntUnaryOperator lastOfCall, TrainingListener listener) {}

  /**
   * Waits a moment for what a call from a step needs; {@link #take} would wait as long as it takes.
   *
   * @return whether it is there
   */
  default boolean isReady(int first) {
    return true;
  }

  /**
   * Takes steps, each on what the one before has left.
   *
   * @param first from 1
   * @param last at most {@link #last}
   * @return the loss of each before its update, in nats
   * @throws DataException if a batch can't be had
   */
  float[] take(int first, int last) throws DataException;

  @Override
  void close();
}

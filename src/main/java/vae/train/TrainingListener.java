package vae.train;

import java.io.IOException;

/** Is told of each step, on the training thread: to print, to save, to draw. */
@FunctionalInterface
public interface TrainingListener {
  /**
   * Called after a step whose loss was finite.
   *
   * @throws IOException if it can't do its part; training ends with it
   */
  void onStep(StepReport report) throws IOException;
}

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

  /**
   * Whether it looks at the variables in {@link #onStep} after a step that is not logged; a call
   * then takes no step more.
   */
  default boolean pausesAfter(int step) {
    return false;
  }

  /**
   * Called once if XLA can't compile the step: training goes on without, and is slower.
   *
   * @param why what TensorFlow says
   */
  default void onNotCompiled(String why) {}
}

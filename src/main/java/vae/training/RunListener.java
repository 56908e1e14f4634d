package vae.training;

import java.util.Optional;
import vae.latent.Progress;
import vae.train.StepReport;

/** Is told what a training does, on the thread that runs it. */
public interface RunListener {
  /**
   * Called before the first step, if one is to be taken.
   *
   * @param before the step of the checkpoint that it goes on from, or 0
   */
  default void onStart(int before) {}

  /**
   * Called after each step whose loss was finite, before a checkpoint is saved.
   *
   * @param heldOut the loss of the images held out, if there are any, at the steps that are logged
   */
  default void onStep(StepReport report, Optional<Float> heldOut) {}

  /** Called after the last step, the plan's or the one before a stop, if any was taken. */
  default void onEnd(StepReport last) {}

  /**
   * Called when something long begins beside the steps.
   *
   * @param job as in {@code encoding images}
   * @return is told how far it has come
   */
  default Progress onJob(String job) {
    return (parts, of) -> {};
  }

  /** Called with what a user may want to know. */
  default void onNote(String note) {}

  /** Called with what is missing or slower than it should be; the training goes on. */
  default void onWarning(String warning) {}
}

package vae.train;

/** Is told of each step, on the training thread: to print, to save, to draw. */
@FunctionalInterface
public interface TrainingListener {
  /** Called after a step whose loss was finite. */
  void onStep(StepReport report);
}

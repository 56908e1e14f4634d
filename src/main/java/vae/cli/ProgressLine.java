package vae.cli;

/** One line on standard error that is written anew a few times a second; only on a terminal. */
final class ProgressLine extends TerminalLine {
  private static final long INTERVAL_NANOS = 250_000_000;

  private final int before;
  private final int steps;
  private final long start = System.nanoTime();
  private long firstStepDone = start;
  private long shownAt = start;

  /**
   * Counts from now.
   *
   * @param before the step after which training starts
   * @param steps the last one
   */
  ProgressLine(int before, int steps) {
    this.before = before;
    this.steps = steps;
  }

  /** Shows where training is, if the last time is long enough ago. */
  void show(int step, float loss) {
    long now = System.nanoTime();
    int taken = step - before;
    if (taken == 1) {
      firstStepDone = now;
    }
    if (taken == 1 || now - shownAt < INTERVAL_NANOS) {
      return;
    }
    shownAt = now;
    double perSecond = perSecond(taken, now);
    write(
        "step %,d of %,d  loss %.1f  %.0f steps/s  %.0f s left"
            .formatted(step, steps, loss, perSecond, (steps - step) / perSecond));
  }

  /**
   * {@code 30000 steps, 52.3 s, 573 steps/s}: the sum of it all. The rate leaves out the first
   * step, in which TensorFlow prepares the graph.
   */
  String summary() {
    int taken = steps - before;
    long now = System.nanoTime();
    double seconds = (now - start) / 1e9;
    return "%d steps, %.1f s, %.0f steps/s".formatted(taken, seconds, perSecond(taken, now));
  }

  private double perSecond(int steps, long now) {
    // A single step has only its own time.
    return steps == 1 ? 1e9 / (now - start) : (steps - 1) / ((now - firstStepDone) / 1e9);
  }
}

package vae.cli;

/**
 * Shows how far a job of many equal parts has come, if it takes longer than people like to wait.
 */
final class CountLine implements AutoCloseable {
  private static final long PATIENCE_NANOS = 2_000_000_000;
  private static final long INTERVAL_NANOS = 250_000_000;

  private final String job;
  private final TerminalLine line = new TerminalLine();
  private long dueAt = System.nanoTime() + PATIENCE_NANOS;

  /** The job, as in {@code checking images}. */
  CountLine(String job) {
    this.job = job;
  }

  /** Shows {@code job: 3,000 of 60,000} now and then. */
  void show(int done, int of) {
    long now = System.nanoTime();
    if (now - dueAt >= 0) {
      line.write("%s: %,d of %,d".formatted(job, done, of));
      dueAt = now + INTERVAL_NANOS;
    }
  }

  /** Makes room for a line of another kind. */
  void clear() {
    line.clear();
  }

  @Override
  public void close() {
    clear();
  }
}

package vae.cli;

import vae.latent.Progress;

/**
 * Shows how far jobs of many equal parts have come, one after another, if one takes longer than
 * people like to wait.
 */
final class CountLine extends TerminalLine implements AutoCloseable {
  private static final long PATIENCE_NANOS = 2_000_000_000;
  private static final long INTERVAL_NANOS = 250_000_000;

  private long dueAt;

  /** Begins a job, as in {@code checking images}, which is shown as {@code job: 3 of 60,000}. */
  Progress begin(String job) {
    clear();
    dueAt = System.nanoTime() + PATIENCE_NANOS;
    return (done, of) -> {
      long now = System.nanoTime();
      if (now - dueAt >= 0) {
        write("%s: %,d of %,d".formatted(job, done, of));
        dueAt = now + INTERVAL_NANOS;
      }
    };
  }

  @Override
  public void close() {
    clear();
  }
}

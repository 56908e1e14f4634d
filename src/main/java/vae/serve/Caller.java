package vae.serve;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Whoever waits for an answer.
 *
 * @param deadline until when, in {@link System#nanoTime}
 * @param gone whether it has stopped waiting: nothing is computed for it any more
 */
record Caller(long deadline, BooleanSupplier gone) {
  /** One that waits so long from now on, whatever happens. */
  static Caller patientFor(Duration time) {
    return new Caller(System.nanoTime() + time.toNanos(), () -> false);
  }
}

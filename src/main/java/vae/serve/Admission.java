package vae.serve;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What is let in at once, by whatever port it comes: predictions, and the bytes of their requests.
 * What is refused may be tried again.
 */
final class Admission {
  /** The most that one request may bring, once it is inflated. */
  static final int MOST_BYTES = 32 << 20;

  /** How long a request may take to arrive. */
  static final Duration ARRIVAL_TIME = Duration.ofSeconds(20);

  /** How long an answer may take. */
  static final Duration ANSWER_TIME = Duration.ofSeconds(10);

  /** Predictions at once, those that wait for a core among them. */
  static final int MOST_AT_ONCE = 8 * Runtime.getRuntime().availableProcessors();

  /** What all requests may take together: a quarter of the heap, where that is small. */
  static final int ROOM =
      Math.toIntExact(Math.min(256 << 20, Runtime.getRuntime().maxMemory() / 4));

  private static final int PAUSE_MILLIS = 250;

  private final Semaphore places = new Semaphore(MOST_AT_ONCE);
  private final Semaphore room = new Semaphore(ROOM);

  /** Lets a request in: a prediction only while there is a place. */
  boolean enter(boolean isPrediction) {
    return !isPrediction || places.tryAcquire();
  }

  void leave(boolean isPrediction) {
    if (isPrediction) {
      places.release();
    }
  }

  boolean keep(int bytes) {
    return room.tryAcquire(bytes);
  }

  void giveBack(int bytes) {
    room.release(bytes);
  }

  static ServingException noPlace() {
    return tryAgain("More than %d requests at once".formatted(MOST_AT_ONCE));
  }

  static ServingException noRoom() {
    return tryAgain("Too much is being sent at once");
  }

  private static ServingException tryAgain(String why) {
    return new ServingException(ServingException.Code.UNAVAILABLE, why + ": try again");
  }

  /**
   * For how long a refusal is held back, by no thread: clients that ask again at once, or all
   * together, would take the cores from those let in.
   */
  static Duration pause() {
    return Duration.ofMillis(
        ThreadLocalRandom.current().nextInt(PAUSE_MILLIS / 2, PAUSE_MILLIS + 1));
  }
}

package vae.config;

/** How many threads, from 1, a training computes with; each runs one op at a time. */
public record Threads(int count) {
  private static final int MOST = 1_024;

  /** Refuses a count below 1 or above 1,024, by an IllegalArgumentException. */
  public Threads {
    if (count < 1 || count > MOST) {
      throw new IllegalArgumentException(
          "the number of threads must be between 1 and %,d, found %,d".formatted(MOST, count));
    }
  }

  /** One a core. */
  public static Threads auto() {
    return new Threads(Math.min(Runtime.getRuntime().availableProcessors(), MOST));
  }
}

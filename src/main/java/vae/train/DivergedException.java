package vae.train;

/** Training has come to values that are NaN or infinite: its variables are worth nothing now. */
public final class DivergedException extends RuntimeException {
  /** Says at which step, and what it was, such as "loss". */
  public DivergedException(int step, String what, float found) {
    super("step %d: expected a finite %s, found %s".formatted(step, what, found));
  }

  private DivergedException(String message, DivergedException cause) {
    super(message, cause);
  }

  /** The same with a word on what to do, which depends on who asked for the training. */
  public DivergedException withRemedy(String remedy) {
    return new DivergedException(getMessage() + "; " + remedy, this);
  }
}

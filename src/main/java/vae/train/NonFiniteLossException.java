package vae.train;

/** Training has come to a loss that is NaN or infinite: its variables are worth nothing now. */
public final class NonFiniteLossException extends RuntimeException {
  /** Says at which step. */
  public NonFiniteLossException(int step, float loss) {
    super("step %d: expected a finite loss, found %s".formatted(step, loss));
  }

  private NonFiniteLossException(String message, NonFiniteLossException cause) {
    super(message, cause);
  }

  /** The same with a word on what to do, which depends on who asked for the training. */
  public NonFiniteLossException withRemedy(String remedy) {
    return new NonFiniteLossException(getMessage() + "; " + remedy, this);
  }
}

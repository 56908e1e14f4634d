package vae.metagraph;

/** A meta graph is not, or has not, what was looked for; the message says what that was. */
public class MetaGraphException extends Exception {
  /** Says what was expected, and what was found. */
  public MetaGraphException(String problem) {
    super(problem);
  }
}

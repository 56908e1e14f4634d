package vae.mnist;

/** What is wrong with a line of an image list, or with an image: expected …, found …. */
public final class BadLineException extends Exception {
  BadLineException(String problem) {
    // No stack trace: a list may have as many of these as lines.
    super(problem, null, false, false);
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}

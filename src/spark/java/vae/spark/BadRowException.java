package vae.spark;

/** What is wrong with a row: expected …, found …. */
final class BadRowException extends Exception {
  private static final long serialVersionUID = 1;

  BadRowException(String problem) {
    // No stack trace: a table may have as many of these as rows.
    super(problem, null, false, false);
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}

package vae.serve;

/** A request that is answered by an error: TensorFlow Serving's code and message. */
public final class ServingException extends Exception {
  private final Code code;

  /** The canonical codes that occur, with the HTTP status that Serving gives each. */
  public enum Code {
    /** The request is malformed, whatever the model. */
    INVALID_ARGUMENT(400),
    /** There is no such model or version. */
    NOT_FOUND(404),
    /** The model is not such that this can be asked of it. */
    FAILED_PRECONDITION(412),
    /** It took too long. */
    DEADLINE_EXCEEDED(504),
    /** Whoever asked has gone away. */
    CANCELLED(499),
    /** Too much is going on; it may be tried again. */
    UNAVAILABLE(503),
    /** The model has it, this server can't do it. */
    UNIMPLEMENTED(501),
    /** The model failed. */
    INTERNAL(500);

    private final int status;

    Code(int status) {
      this.status = status;
    }

    /** The HTTP status. */
    public int status() {
      return status;
    }
  }

  ServingException(Code code, String message) {
    super(message);
    this.code = code;
  }

  ServingException(Code code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  static ServingException invalid(String message) {
    return new ServingException(Code.INVALID_ARGUMENT, message);
  }

  /** What kind of error it is. */
  public Code code() {
    return code;
  }

  /** What it says; never null. */
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}

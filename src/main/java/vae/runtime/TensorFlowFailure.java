package vae.runtime;

import java.util.Optional;
import org.tensorflow.exceptions.TensorFlowException;

/** Tells what TensorFlow throws from what is a fault of ours. */
public final class TensorFlowFailure {
  private TensorFlowFailure() {}

  /** Whether something came of TensorFlow's code for an invalid argument. */
  public static boolean isOfInvalidArgument(Throwable e) {
    return Optional.ofNullable(e.getCause())
        .filter(cause -> cause instanceof IllegalArgumentException && is(cause))
        .isPresent();
  }

  /**
   * Whether TensorFlow threw it. Not all that it throws is a {@link TensorFlowException}: its code
   * for an invalid argument becomes an IllegalArgumentException, and TensorFlow-Java's own checks
   * throw Java's kinds.
   */
  public static boolean is(Throwable e) {
    StackTraceElement[] frames = e.getStackTrace();
    return e instanceof TensorFlowException
        || (frames.length > 0 && frames[0].getClassName().startsWith("org.tensorflow."));
  }

  /** What is worth showing of a message: what follows its first line is the op's name. */
  public static String firstLine(Throwable e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }
}

package vae.functions;

import java.nio.file.Path;
import java.util.function.Supplier;
import vae.files.ModelException;
import vae.runtime.TensorFlowFailure;

/** Calls that fail inside TensorFlow if a model is not what it should be. */
public final class TensorFlowCall {
  private TensorFlowCall() {}

  /**
   * Runs a call.
   *
   * @throws ModelException if it fails inside TensorFlow: {@code folder: problem: TensorFlow's
   *     message}
   */
  public static <T> T attempt(Path folder, String problem, Supplier<T> action)
      throws ModelException {
    try {
      return action.get();
    } catch (RuntimeException e) {
      if (!TensorFlowFailure.is(e)) {
        throw e;
      }
      throw new ModelException(folder, problem + ": " + e.getMessage(), e);
    }
  }
}

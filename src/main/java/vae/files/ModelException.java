package vae.files;

import java.io.IOException;
import java.nio.file.Path;

/** A folder does not hold the model that it should; the message names it, and what was expected. */
public final class ModelException extends IOException {
  /** Says {@code folder: problem}. */
  public ModelException(Path folder, String problem) {
    super(folder + ": " + problem);
  }

  /** Says {@code folder: problem}, because of {@code cause}. */
  public ModelException(Path folder, String problem, Throwable cause) {
    super(folder + ": " + problem, cause);
  }
}

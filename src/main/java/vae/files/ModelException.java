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

  /** That a file can't be read; {@code cause} itself if it says already what is wrong. */
  public static ModelException unreadable(Path file, IOException cause) {
    return cause instanceof ModelException known
        ? known
        : new ModelException(file, "can't be read (" + cause + ")", cause);
  }
}

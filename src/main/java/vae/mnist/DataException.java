package vae.mnist;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A data file is missing, can't be read, or is not what it should be; the message names it, and
 * what was expected.
 */
public final class DataException extends IOException {
  /** Says {@code file: problem}. */
  public DataException(Path file, String problem) {
    super(file + ": " + problem);
  }

  /** Says {@code file: can't read (reason)}. */
  public DataException(Path file, IOException cause) {
    super(file + ": " + reason(cause), cause);
  }

  private static String reason(IOException cause) {
    return cause instanceof NoSuchFileException
        ? "no such data file"
        : "can't read (" + cause + ")";
  }
}

package vae.mnist;

import java.io.IOException;
import java.nio.file.Path;

/** A data file that is not what it should be; the message names it, and what was expected. */
public final class CorruptFileException extends IOException {
  /** Says {@code file: problem}. */
  public CorruptFileException(Path file, String problem) {
    super(file + ": " + problem);
  }
}

package vae.mnist;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * A data file is missing, can't be read, or is not what it should be; the message names it, and
 * what was expected.
 */
public final class DataException extends IOException {
  private final List<String> details;

  /** Says {@code file: problem}. */
  public DataException(Path file, String problem) {
    this(file, problem, List.of());
  }

  /** Says {@code file: summary}; each of the details is a line of its own. */
  public DataException(Path file, String summary, List<String> details) {
    super(file + ": " + summary);
    this.details = List.copyOf(details);
  }

  /** Says {@code file: can't read (reason)}. */
  public DataException(Path file, IOException cause) {
    super(file + ": " + reason(cause), cause);
    this.details = List.of();
  }

  /** What is to be told beyond the message, line by line; mostly nothing. */
  public List<String> details() {
    return details;
  }

  private static String reason(IOException cause) {
    return cause instanceof NoSuchFileException
        ? "no such data file"
        : "can't read (" + cause + ")";
  }
}

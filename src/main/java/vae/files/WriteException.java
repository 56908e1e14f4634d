package vae.files;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Something can't be written; the message names it and says why. What was there before is intact.
 */
public final class WriteException extends IOException {
  /** Says {@code target: can't write (reason)}. */
  public WriteException(Path target, IOException cause) {
    super(target + ": can't write (" + reason(cause) + ")", cause);
  }

  /** The same; {@code cause} itself if it says already what can't be written. */
  public static WriteException of(Path target, IOException cause) {
    return cause instanceof WriteException known ? known : new WriteException(target, cause);
  }

  private static String reason(IOException cause) {
    if (cause instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (cause instanceof FileAlreadyExistsException) {
      return "a file of that name is in the way";
    }
    if (cause instanceof NoSuchFileException) {
      return "no such folder";
    }
    if (cause instanceof FileSystemException e && e.getReason() != null) {
      return e.getReason();
    }
    return String.valueOf(cause.getMessage());
  }
}

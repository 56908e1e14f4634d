package vae.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * A folder to write into.
 *
 * @param path absolute
 * @param freeBytes that the user may still fill, if the system tells
 * @param writable whether it may be written, or made, where it does not exist yet
 */
public record Folder(Path path, OptionalLong freeBytes, boolean writable) {

  /** How it stands now; nothing is written. */
  public static Folder of(Path folder) {
    Path path = folder.toAbsolutePath().normalize();
    Path existing = path;
    while (!Files.exists(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    return new Folder(
        path, free(existing), Files.isDirectory(existing) && Files.isWritable(existing));
  }

  /** Whether so many bytes can be written. */
  public boolean takes(long bytes) {
    return writable && freeBytes.orElse(Long.MAX_VALUE) >= bytes;
  }

  private static OptionalLong free(Path existing) {
    try {
      return OptionalLong.of(Files.getFileStore(existing).getUsableSpace());
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }
}

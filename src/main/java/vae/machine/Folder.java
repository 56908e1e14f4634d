package vae.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * A folder to write into, with an absolute path.
 *
 * @param freeBytes that the user may still fill, if the system tells
 * @param writable whether it is there, and may be written
 */
public record Folder(Path path, OptionalLong freeBytes, boolean writable) {

  /** How it stands now; nothing is written, and none is made. */
  public static Folder of(Path folder) {
    Path path = folder.toAbsolutePath().normalize();
    return new Folder(path, free(path), Files.isDirectory(path) && Files.isWritable(path));
  }

  /** Whether so many bytes can be written. */
  public boolean takes(long bytes) {
    return writable && freeBytes.orElse(Long.MAX_VALUE) >= bytes;
  }

  private static OptionalLong free(Path path) {
    try {
      return OptionalLong.of(Files.getFileStore(path).getUsableSpace());
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }
}

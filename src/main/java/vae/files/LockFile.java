package vae.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A file that this program has locked, by which others see that it lives: the system frees the lock
 * of a program that is killed. Closing it deletes the file.
 */
public final class LockFile implements AutoCloseable {
  /** This program's own: to open a lock's file a second time, and close it, would free the lock. */
  private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final FileChannel channel;

  private LockFile(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Takes the lock.
   *
   * @param given in a folder that is there
   * @return nothing if another program holds it, or this one does
   */
  public static Optional<LockFile> take(Path given) throws IOException {
    Path file = given.toAbsolutePath();
    if (!OURS.add(file)) {
      return Optional.empty();
    }
    FileChannel channel = null;
    boolean taken = false;
    try {
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      // Between opening and locking, the one who held it may have deleted it.
      taken = channel.tryLock() != null && Files.exists(file);
      return taken ? Optional.of(new LockFile(file, channel)) : Optional.empty();
    } finally {
      if (!taken) {
        OURS.remove(file);
        if (channel != null) {
          channel.close();
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    try (channel) {
      Files.deleteIfExists(file);
    } finally {
      OURS.remove(file);
    }
  }
}

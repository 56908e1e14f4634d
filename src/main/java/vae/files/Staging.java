package vae.files;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.io.FileUtils;

/**
 * A folder to write into, beside what it is to become. Closing it deletes it, unless it has been
 * renamed.
 *
 * <p>A program that is killed closes nothing. So each folder {@code .staging-ID} has a file {@code
 * .staging-ID.lock}, which its program has locked as long as it lives; a folder whose lock nobody
 * holds is a stray, and {@link #sweep} deletes it.
 */
public final class Staging implements AutoCloseable {
  private static final String PREFIX = ".staging-";
  private static final String LOCK = ".lock";

  /** Others may call a folder of theirs .staging-something: it is not to be touched. */
  private static final Pattern NAME =
      Pattern.compile(
          "(\\.staging-\\p{XDigit}{8}(?:-\\p{XDigit}{4}){3}-\\p{XDigit}{12})(?:\\.lock)?");

  private final Path folder;
  private final LockFile lock;

  private Staging(Path folder, LockFile lock) {
    this.folder = folder;
    this.lock = lock;
  }

  /** Makes an empty one in a folder that is there. */
  public static Staging in(Path parent) throws IOException {
    while (true) {
      String name = PREFIX + UUID.randomUUID();
      // The lock comes first: a folder without one is nobody's.
      Optional<LockFile> lock = LockFile.take(parent.resolve(name + LOCK));
      if (lock.isPresent()) {
        try {
          // Not a temporary directory, which only its owner may read: this one will be a model's.
          return new Staging(Files.createDirectory(parent.resolve(name)), lock.get());
        } catch (IOException e) {
          lock.get().close();
          throw e;
        }
      }
    }
  }

  /** Deletes from a folder what killed programs have left, not what others are writing now. */
  public static void sweep(Path parent) throws IOException {
    try (DirectoryStream<Path> found = Files.newDirectoryStream(parent, PREFIX + "*")) {
      for (Path path : found) {
        Matcher ours = NAME.matcher(String.valueOf(path.getFileName()));
        Optional<LockFile> lock =
            ours.matches() ? LockFile.take(parent.resolve(ours.group(1) + LOCK)) : Optional.empty();
        if (lock.isPresent()) {
          // Closing the lock deletes its file, once the folder is gone.
          new Staging(parent.resolve(ours.group(1)), lock.get()).close();
        }
      }
    }
  }

  /** Where to write. */
  public Path folder() {
    return folder;
  }

  @Override
  public void close() throws IOException {
    try (lock) {
      if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
        FileUtils.deleteDirectory(folder.toFile());
      } else {
        Files.deleteIfExists(folder); // An older version staged single files so.
      }
    }
  }
}

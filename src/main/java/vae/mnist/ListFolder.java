package vae.mnist;

import static vae.mnist.ListLine.shown;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import vae.files.PathLetters;

/** The folder of an image list, which the list's paths may not leave. */
final class ListFolder {
  private static final long MOST_FILE_BYTES = 16 << 20;

  private final Path list;
  private final Path real;

  /** Of a list that is there. */
  ListFolder(Path list) throws DataException {
    this.list = list;
    try {
      this.real = list.toAbsolutePath().resolveSibling("").toRealPath();
    } catch (IOException e) {
      throw new DataException(list, e);
    }
  }

  /** A path of the list from where the program runs, which must not lead out of the folder. */
  Path resolve(String written) throws BadLineException {
    try {
      Path path = Path.of(written);
      if (!Files.exists(list.resolveSibling(path))) { // A list made on Windows.
        path = Path.of(written.replace('\\', '/'));
      }
      boolean leaves = path.isAbsolute();
      for (Path name : path) {
        leaves |= name.toString().equals("..");
      }
      if (leaves) {
        throw new BadLineException(
            "expected a path within the list's folder, found " + shown(written));
      }
      return list.resolveSibling(path);
    } catch (InvalidPathException e) {
      throw new BadLineException("expected a path, found " + PathLetters.problem(written));
    }
  }

  /** The bytes of what {@link #resolve} gave. */
  byte[] contents(Path file) throws BadLineException {
    try {
      if (!file.toRealPath().startsWith(real)) {
        throw new BadLineException(
            "expected a path within the list's folder, found a link that leaves it");
      }
      if (!Files.isRegularFile(file)) {
        // Not even to be opened: a pipe would keep the program waiting.
        String kind = Files.isDirectory(file) ? "a folder" : "something that is not a file";
        throw new BadLineException("expected an image, found " + kind);
      }
      long size = Files.size(file);
      if (size > MOST_FILE_BYTES) {
        throw new BadLineException(
            "expected a file of at most %,d bytes, found %,d".formatted(MOST_FILE_BYTES, size));
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new BadLineException("expected an image, found " + reason(e));
    }
  }

  private static String reason(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "no such file";
    }
    if (e instanceof AccessDeniedException) {
      return "no permission to read it";
    }
    return e instanceof FileSystemException system
        ? Optional.ofNullable(system.getReason()).orElse("none that can be read")
        : String.valueOf(e);
  }
}

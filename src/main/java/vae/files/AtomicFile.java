package vae.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Files that are there whole or not at all, also after a crash or a power cut. */
public final class AtomicFile {
  private AtomicFile() {}

  /**
   * Writes a file by way of a sibling that is then renamed, so that an older one of that name stays
   * whole until the new one is.
   *
   * @throws WriteException if it can't be written; {@code target} is then what it was
   */
  public static void write(Path target, byte[] contents) throws WriteException {
    try {
      Path file = linked(target);
      if (Files.isDirectory(file)) {
        throw new IOException("it is a folder");
      }
      if (Files.exists(file) && !Files.isRegularFile(file)) {
        Files.write(file, contents); // A pipe or a device can't be replaced, only written to.
        return;
      }
      Path parent = Objects.requireNonNull(file.getParent());
      Files.createDirectories(parent);
      Staging.sweep(parent);
      try (Staging staging = Staging.in(parent)) {
        Path staged = staging.folder().resolve("file");
        Files.write(staged, contents, StandardOpenOption.CREATE_NEW);
        force(staged, StandardOpenOption.WRITE);
        Files.move(
            staged, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      throw new WriteException(target, e);
    }
  }

  /**
   * The same of a text, in UTF-8.
   *
   * @throws WriteException if it can't be written
   */
  public static void write(Path target, String text) throws WriteException {
    write(target, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Where a link leads: a link stays a link. */
  private static Path linked(Path target) throws IOException {
    if (Files.exists(target)) {
      return target.toRealPath();
    }
    Path absolute = target.toAbsolutePath();
    return Files.isSymbolicLink(absolute)
        ? absolute.resolveSibling(Files.readSymbolicLink(absolute))
        : absolute;
  }

  /** What lies in a folder. */
  public static List<Path> children(Path folder) throws IOException {
    try (Stream<Path> list = Files.list(folder)) {
      return list.toList();
    }
  }

  /** Moves a file into a folder, in place of an older one of its name. */
  public static void move(Path file, Path folder) throws IOException {
    Files.move(
        file,
        folder.resolve(file.getFileName()),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  /** Makes the disk hold all files and folders of a tree before it returns. */
  public static void forceTree(Path root) throws IOException {
    List<Path> paths;
    try (Stream<Path> walk = Files.walk(root)) {
      paths = walk.toList();
    }
    for (Path path : paths) {
      if (Files.isDirectory(path)) {
        forceFolder(path);
      } else {
        force(path, StandardOpenOption.WRITE);
      }
    }
  }

  /** Makes the disk hold a folder's entries, where the system lets a folder be opened. */
  public static void forceFolder(Path folder) throws IOException {
    if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      force(folder, StandardOpenOption.READ);
    }
  }

  private static void force(Path path, StandardOpenOption mode) throws IOException {
    try (FileChannel channel = FileChannel.open(path, mode)) {
      channel.force(true);
    }
  }
}

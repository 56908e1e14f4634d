package vae.mnist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import vae.files.AtomicFile;
import vae.files.WriteException;
import vae.picture.Png;

/** Images as PNG files, and a list of them: what the tutorial's {@code read_images} reads. */
public final class UnpackedImages {
  /** Between two words on the progress. */
  private static final int CHUNK = 1_000;

  private UnpackedImages() {}

  /**
   * Writes the first images into {@code folder/name}, and their list beside that.
   *
   * @return the list
   * @throws WriteException if one can't be written, or the list's file is there and says something
   *     else
   */
  public static Path write(
      Images images, int count, Path folder, String name, ImageList.Progress progress)
      throws WriteException {
    Path list = folder.resolve(name + "_labels.txt");
    String lines = lines(images, count, name);
    requireOwn(list, lines);
    makeFolder(folder.resolve(name));
    for (int from = 0; from < count; from += CHUNK) {
      int to = Math.min(from + CHUNK, count);
      // Collected, not thrown: a parallel stream that throws leaves others at work behind its back.
      List<WriteException> failures =
          IntStream.range(from, to)
              .parallel()
              .mapToObj(image -> writeImage(images, image, folder.resolve(path(name, image))))
              .flatMap(Optional::stream)
              .toList();
      if (!failures.isEmpty()) {
        throw failures.get(0);
      }
      progress.checked(to, count);
    }
    // Last: where there is a list, all its images are there.
    AtomicFile.write(list, lines);
    return list;
  }

  /** A list of that name that says something else is somebody's, and is kept. */
  private static void requireOwn(Path list, String lines) throws WriteException {
    try {
      if (Files.exists(list) && !Files.readString(list).equals(lines)) {
        throw new IOException("another list of that name is there: remove it, or give --out");
      }
    } catch (IOException e) {
      throw new WriteException(list, e);
    }
  }

  private static void makeFolder(Path folder) throws WriteException {
    try {
      if (!Files.isDirectory(folder)) { // As a link to one is.
        Files.createDirectories(folder);
      }
    } catch (IOException e) {
      throw new WriteException(folder, e);
    }
  }

  private static Optional<WriteException> writeImage(Images images, int image, Path file) {
    try {
      // Each forced to the disk by itself, they would take minutes; the reader checks them anyway.
      Files.write(file, Png.encode(images.bytes(image), images.shape().width()));
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(new WriteException(file, e));
    }
  }

  private static String lines(Images images, int count, String name) {
    var lines = new StringBuilder();
    for (int image = 0; image < count; image++) {
      lines.append(path(name, image));
      if (images.labels().classes().isPresent()) {
        lines.append(' ').append(images.labels().of(image));
      }
      lines.append('\n');
    }
    return lines.toString();
  }

  /** With slashes on all systems. */
  private static String path(String name, int image) {
    return "%s/%05d.png".formatted(name, image);
  }
}

package vae.mnist;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import vae.files.FileSums;
import vae.mnist.IdxReader.IdxArray;
import vae.tensor.ImageShape;

/**
 * A folder with MNIST's four files under one of the names that they are spread by: {@code
 * train-images-idx3-ubyte} or {@code train-images.idx3-ubyte}, gzipped or not, each for itself.
 * Where the folder has a {@code SHA256SUMS}, as ours has, each file that is named there must match
 * it.
 */
public record MnistFiles(Path folder) {
  private static final String SUMS = "SHA256SUMS";
  private static final String GZIPPED = ".gz";
  private static final int MOST_TOLD = 5;

  /** The 60,000 training images, with their labels if those lie there. */
  public Images train() throws DataException {
    return read("train");
  }

  /** The 10,000 test images, with their labels if those lie there. */
  public Images test() throws DataException {
    return read("t10k");
  }

  /**
   * Any images in IDX, [n, h, w] or [n, h, w, 1 or 3], plain or gzipped, with their labels, if they
   * have any.
   */
  public static Images read(Path images, Optional<Path> labels) throws DataException {
    return read(images, labels, DataFile::bytes, 3, 4);
  }

  private interface Reader {
    byte[] bytes(Path file) throws DataException;
  }

  private static Images read(Path images, Optional<Path> labels, Reader reader, int... ranks)
      throws DataException {
    IdxArray pixels = IdxReader.parse(images, reader.bytes(images), ranks);
    ImageShape shape = IdxReader.shape(images, pixels.dims());
    int count = pixels.dims()[0];
    if (labels.isEmpty()) {
      return new Images(shape, pixels.values(), Labels.none(count));
    }
    Path file = labels.get();
    IdxArray numbers = IdxReader.parse(file, reader.bytes(file), 1);
    if (numbers.dims()[0] != count) {
      throw new DataException(
          file,
          "expected a label for each of the %,d images, found %,d"
              .formatted(count, numbers.dims()[0]));
    }
    for (byte label : numbers.values()) {
      if (label < 0) {
        throw new DataException(
            file, "expected labels from 0 to 127, found " + Byte.toUnsignedInt(label));
      }
    }
    return new Images(shape, pixels.values(), Labels.numbered(numbers.values()));
  }

  private Images read(String part) throws DataException {
    List<String> names = names(part + "-images", 3);
    Optional<Path> found = find(names);
    if (found.isEmpty()) {
      throw new DataException(
          folder.resolve(names.get(0)),
          "no such data file, nor %s; found %s"
              .formatted(String.join(", ", names.subList(1, names.size())), whatIsThere()));
    }
    List<String> labelNames = names(part + "-labels", 1);
    Optional<Path> labels = find(labelNames);
    if (labels.isEmpty()) {
      requireNone(labelNames);
    }
    return read(found.get(), labels, this::checkedBytes, 3);
  }

  /** A file that the list of sums has was there once. */
  private void requireNone(List<String> names) throws DataException {
    for (String name : names) {
      if (sum(name).isPresent()) {
        throw new DataException(
            folder.resolve(name), "no such data file, though %s has it".formatted(SUMS));
      }
    }
  }

  private static List<String> names(String name, int rank) {
    return Stream.of("%s-idx%d-ubyte.gz", "%s-idx%d-ubyte", "%s.idx%d-ubyte.gz", "%s.idx%d-ubyte")
        .map(format -> format.formatted(name, rank))
        .toList();
  }

  /** The first of a file's usual names that is there; one archive makes folders of these names. */
  private Optional<Path> find(List<String> names) {
    return names.stream()
        .flatMap(name -> Stream.of(folder.resolve(name), folder.resolve(name).resolve(name)))
        .filter(Files::isRegularFile)
        .findFirst();
  }

  private String whatIsThere() throws DataException {
    try (Stream<Path> children = Files.list(folder)) {
      List<String> names =
          children.map(child -> String.valueOf(child.getFileName())).sorted().toList();
      return names.isEmpty()
          ? "nothing in the folder"
          : String.join(", ", names.subList(0, Math.min(MOST_TOLD, names.size())))
              + (names.size() > MOST_TOLD ? ", …" : "");
    } catch (IOException e) {
      throw new DataException(folder, e);
    }
  }

  private byte[] checkedBytes(Path file) throws DataException {
    byte[] contents = DataFile.bytes(file);
    Optional<String> expected = expectedSum(String.valueOf(file.getFileName()));
    if (expected.isPresent()) {
      String found = FileSums.sha256(contents, 0);
      if (!found.equals(expected.get())) {
        throw new DataException(
            file, "expected SHA-256 %s, found %s".formatted(expected.get(), found));
      }
    }
    return contents;
  }

  /** The sum that a file must have; nothing where there is no list, or it was unpacked since. */
  private Optional<String> expectedSum(String name) throws DataException {
    Optional<String> sum = sum(name);
    if (sum.isEmpty() && name.endsWith(GZIPPED) && Files.exists(folder.resolve(SUMS))) {
      throw new DataException(folder.resolve(SUMS), "expected a line for " + name + ", found none");
    }
    return sum;
  }

  private Optional<String> sum(String name) throws DataException {
    Path sums = folder.resolve(SUMS);
    if (!Files.exists(sums)) {
      return Optional.empty();
    }
    // Latin 1 reads any bytes; what is not a list of sums has no line for the file.
    var list = new String(DataFile.bytes(sums), StandardCharsets.ISO_8859_1);
    return list.lines()
        .map(line -> line.strip().split("\\s+\\*?", 2))
        .filter(fields -> fields.length == 2 && fields[1].equals(name))
        .map(fields -> fields[0].toLowerCase(Locale.ROOT))
        .findFirst();
  }
}

package vae.mnist;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import vae.mnist.IdxReader.IdxArray;
import vae.tensor.ImageShape;

/**
 * A folder with MNIST's four files under their own names, gzipped. Where the folder has a {@code
 * SHA256SUMS}, as ours has, each file that is read must match it.
 *
 * @param folder where the files are
 */
public record MnistFiles(Path folder) {
  private static final String SUMS = "SHA256SUMS";

  /**
   * The 60,000 training images with their labels.
   *
   * @throws DataException if a file is missing, or not what it should be
   */
  public Images train() throws DataException {
    return read("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz");
  }

  /**
   * The 10,000 test images with their labels.
   *
   * @throws DataException if a file is missing, or not what it should be
   */
  public Images test() throws DataException {
    return read("t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz");
  }

  /**
   * Any images in IDX, [n, h, w] or [n, h, w, 1 or 3], plain or gzipped.
   *
   * @param labels their labels; where there are none all are -1
   * @throws DataException if a file is missing, or not what it should be
   */
  public static Images read(Path images, Optional<Path> labels) throws DataException {
    IdxArray pixels = IdxReader.parse(images, IdxReader.contents(images), 3, 4);
    ImageShape shape = IdxReader.shape(images, pixels.dims());
    if (labels.isEmpty()) {
      byte[] none = new byte[pixels.dims()[0]];
      Arrays.fill(none, (byte) -1);
      return new Images(shape, pixels.values(), none);
    }
    Path file = labels.get();
    return joined(shape, pixels, IdxReader.parse(file, IdxReader.contents(file), 1), file);
  }

  private Images read(String imagesName, String labelsName) throws DataException {
    IdxArray pixels = readChecked(imagesName, 3);
    ImageShape shape = IdxReader.shape(folder.resolve(imagesName), pixels.dims());
    return joined(shape, pixels, readChecked(labelsName, 1), folder.resolve(labelsName));
  }

  private static Images joined(ImageShape shape, IdxArray images, IdxArray labels, Path labelsFile)
      throws DataException {
    if (images.dims()[0] != labels.dims()[0]) {
      throw new DataException(
          labelsFile,
          "expected a label for each of the %,d images, found %,d"
              .formatted(images.dims()[0], labels.dims()[0]));
    }
    for (byte label : labels.values()) {
      if (label < 0) {
        throw new DataException(
            labelsFile, "expected labels from 0 to 127, found " + Byte.toUnsignedInt(label));
      }
    }
    return new Images(shape, images.values(), labels.values());
  }

  private IdxArray readChecked(String name, int rank) throws DataException {
    Path file = folder.resolve(name);
    byte[] contents = IdxReader.contents(file);
    Optional<String> expected = expectedSum(name);
    if (expected.isPresent()) {
      String found = Sha256.of(contents);
      if (!found.equals(expected.get())) {
        throw new DataException(
            file, "expected SHA-256 %s, found %s".formatted(expected.get(), found));
      }
    }
    return IdxReader.parse(file, contents, rank);
  }

  /** The sum that the folder's list gives for a file; nothing where there is no list. */
  private Optional<String> expectedSum(String name) throws DataException {
    Path sums = folder.resolve(SUMS);
    if (!Files.exists(sums)) {
      return Optional.empty();
    }
    // Latin 1 reads any bytes; what is not a list of sums has no line for the file.
    var list = new String(IdxReader.contents(sums), StandardCharsets.ISO_8859_1);
    for (String line : list.lines().toList()) {
      String[] fields = line.strip().split("\\s+\\*?", 2);
      if (fields.length == 2 && fields[1].equals(name)) {
        return Optional.of(fields[0].toLowerCase(Locale.ROOT));
      }
    }
    throw new DataException(sums, "expected a line for " + name + ", found none");
  }
}

package vae.mnist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import vae.tensor.ImageShape;

class MnistFilesTest {
  private static final Path SHIPPED = Path.of("mnist");

  @TempDir private Path folder;

  @Test
  void theShippedTrainingImagesAreMnist() throws IOException {
    Images train = new MnistFiles(SHIPPED).train();
    assertThat(train.count()).isEqualTo(60_000);
    assertThat(train.pixelsPerImage()).isEqualTo(784);
    // The first ten labels and the mean pixel are MNIST's well-known ones.
    assertThat(IntStream.range(0, 10).map(train.labels()::of))
        .containsExactly(5, 0, 4, 1, 9, 2, 1, 3, 1, 4);
    assertThat(meanPixel(train)).isCloseTo(0.1307, within(0.0001));
  }

  @Test
  void theShippedTestImagesAreMnist() throws IOException {
    Images test = new MnistFiles(SHIPPED).test();
    assertThat(test.count()).isEqualTo(10_000);
    assertThat(IntStream.range(0, 10).map(test.labels()::of))
        .containsExactly(7, 2, 1, 0, 4, 1, 4, 9, 5, 9);
    assertThat(meanPixel(test)).isCloseTo(0.1325, within(0.0001));
  }

  @Test
  void pixelsAreByteOver255() {
    var images =
        new Images(
            ImageShape.grey(3, 1), new byte[] {0, 51, (byte) 255}, Labels.numbered((byte) 7));
    float[] pixels = new float[4];
    images.copyPixels(0, pixels, 1);
    assertThat(pixels).containsExactly(0f, 0f, 51 / 255f, 1f);
  }

  @Test
  void namesAMissingFile() {
    assertThatThrownBy(() -> new MnistFiles(folder).train())
        .isInstanceOf(DataException.class)
        .hasMessage(
            folder.resolve("train-images-idx3-ubyte.gz")
                + ": no such data file, nor train-images-idx3-ubyte, train-images.idx3-ubyte.gz,"
                + " train-images.idx3-ubyte; found nothing in the folder");
  }

  @ParameterizedTest
  @CsvSource({
    "-idx3-ubyte, -idx1-ubyte",
    ".idx3-ubyte, .idx1-ubyte",
    ".idx3-ubyte.gz, -idx1-ubyte.gz",
    "-idx3-ubyte.gz, .idx1-ubyte",
  })
  void eachFileIsFoundUnderAnyOfItsUsualNames(String images, String labels) throws IOException {
    put("t10k-images", "-idx3-ubyte.gz", images);
    put("t10k-labels", "-idx1-ubyte.gz", labels);
    assertThat(new MnistFiles(folder).test().count()).isEqualTo(10_000);
    FileUtils.copyFileToDirectory(SHIPPED.resolve("SHA256SUMS").toFile(), folder.toFile());
    if (!images.startsWith(".") || !images.endsWith(".gz")) {
      assertThat(new MnistFiles(folder).test().count()).isEqualTo(10_000);
    }
  }

  @Test
  void imagesWithoutLabelsAreReadAndAFoldersNeighboursAreTold() throws IOException {
    put("t10k-images", "-idx3-ubyte.gz", "-idx3-ubyte");
    assertThat(new MnistFiles(folder).test().labels().classes()).isEmpty();
    Files.createFile(folder.resolve("mnist.npz"));
    assertThatThrownBy(() -> new MnistFiles(folder).train())
        .hasMessageEndingWith("; found mnist.npz, t10k-images-idx3-ubyte");
  }

  @Test
  void labelsThatTheListOfSumsHasMustBeThere() throws IOException {
    FileUtils.copyDirectory(SHIPPED.toFile(), folder.toFile());
    Files.delete(folder.resolve("t10k-labels-idx1-ubyte.gz"));
    assertThatThrownBy(() -> new MnistFiles(folder).test())
        .hasMessage(
            folder.resolve("t10k-labels-idx1-ubyte.gz")
                + ": no such data file, though SHA256SUMS has it");
  }

  /** As one archive has them, which makes a folder of each file's name. */
  @Test
  void aFolderOfAFilesNameMayHaveIt() throws IOException {
    for (String name : List.of("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")) {
      Files.createDirectory(folder.resolve(name));
    }
    put("t10k-images", "-idx3-ubyte.gz", "-idx3-ubyte/t10k-images-idx3-ubyte");
    put("t10k-labels", "-idx1-ubyte.gz", "-idx1-ubyte/t10k-labels-idx1-ubyte");
    assertThat(new MnistFiles(folder).test().labels().of(0)).isEqualTo(7);
  }

  private void put(String name, String from, String to) throws IOException {
    Path packed = SHIPPED.resolve(name + from);
    try (InputStream in =
        to.endsWith(".gz")
            ? Files.newInputStream(packed)
            : new GZIPInputStream(Files.newInputStream(packed))) {
      Files.copy(in, folder.resolve(name + to));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aWebPageInPlaceOfTheDataIsTold(boolean zipped) throws IOException {
    Path file = folder.resolve("t10k-images-idx3-ubyte.gz");
    try (OutputStream out =
        zipped ? new GZIPOutputStream(Files.newOutputStream(file)) : Files.newOutputStream(file)) {
      out.write("<!DOCTYPE html><title>404</title>".getBytes(StandardCharsets.US_ASCII));
    }
    assertThatThrownBy(() -> new MnistFiles(folder).test())
        .isInstanceOf(DataException.class)
        .hasMessage(
            file
                + ": expected the magic number 0x00000803, found a web page: the address gave this"
                + " instead of the file");
  }

  @Test
  void namesAChangedFileAndBothSums() throws IOException {
    FileUtils.copyDirectory(SHIPPED.toFile(), folder.toFile());
    Path labels = folder.resolve("t10k-labels-idx1-ubyte.gz");
    byte[] contents = Files.readAllBytes(labels);
    contents[100] ^= 1;
    Files.write(labels, contents);
    assertThatThrownBy(() -> new MnistFiles(folder).test())
        .isInstanceOf(DataException.class)
        .hasMessageMatching(
            ".*t10k-labels-idx1-ubyte.gz: expected SHA-256 b91679a0\\w{56}, found \\w{64}");
    assertThat(new MnistFiles(folder).train().count()).isEqualTo(60_000);
  }

  @Test
  void namesAListOfSumsThatIsNone() throws IOException {
    FileUtils.copyDirectory(SHIPPED.toFile(), folder.toFile());
    Path sums = folder.resolve("SHA256SUMS");
    Files.write(sums, new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1});
    assertThatThrownBy(() -> new MnistFiles(folder).test())
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(sums + ": expected a line for t10k-images");
    Files.delete(sums);
    Files.createDirectory(sums);
    assertThatThrownBy(() -> new MnistFiles(folder).test())
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(sums + ": expected a file, found a folder");
  }

  @Test
  void wantsALabelForEachImage() throws IOException {
    Files.copy(
        SHIPPED.resolve("t10k-images-idx3-ubyte.gz"), folder.resolve("t10k-images-idx3-ubyte.gz"));
    Files.copy(
        SHIPPED.resolve("train-labels-idx1-ubyte.gz"), folder.resolve("t10k-labels-idx1-ubyte.gz"));
    assertThatThrownBy(() -> new MnistFiles(folder).test())
        .isInstanceOf(DataException.class)
        .hasMessageContaining("expected a label for each of the 10,000 images, found 60,000");
  }

  private static double meanPixel(Images images) {
    float[] pixels = new float[images.pixelsPerImage()];
    double sum = 0;
    for (int i = 0; i < images.count(); i++) {
      images.copyPixels(i, pixels, 0);
      for (float pixel : pixels) {
        sum += pixel;
      }
    }
    return sum / images.count() / images.pixelsPerImage();
  }
}

package vae.mnist;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pictures of digits come out as MNIST's own images. */
class HandDrawnTest {
  private static final int IMAGES = 50;

  @TempDir private Path folder;

  /** How a test image is shown. */
  @FunctionalInterface
  private interface Showing {
    Path of(byte[] image, Random random) throws IOException;
  }

  /** Of the first test images: how much of their ink is not where it was. */
  private static double lost(int images, Showing showing) throws IOException {
    Images test = new MnistFiles(Path.of("mnist")).test();
    double difference = 0;
    double ink = 0;
    for (int image = 0; image < images; image++) {
      byte[] bytes = test.bytes(image);
      float[] read = Images.unit(HandDrawn.read(showing.of(bytes, new Random(image))));
      for (int i = 0; i < read.length; i++) {
        float expected = (bytes[i] & 0xff) / 255f;
        difference += Math.abs(read[i] - expected);
        ink += expected;
      }
    }
    return difference / ink;
  }

  /** Test images enlarged, off the middle: black on white, and as drawing programs save them. */
  @ParameterizedTest
  @CsvSource({"5, 200, true", "10, 300, false"})
  void aDigitOnPaperOrOnBlackIsFittedAndCentred(int scale, int side, boolean onPaper)
      throws IOException {
    assertThat(lost(IMAGES, (bytes, random) -> picture(bytes, scale, side, onPaper)))
        .isLessThan(0.3);
  }

  @Test
  void anImageOfMnistsIsTakenAsItIs() throws IOException {
    Images test = new MnistFiles(Path.of("mnist")).test();
    assertThat(HandDrawn.read(picture(test.bytes(0), 1, 28, false))).isEqualTo(test.bytes(0));
  }

  @Test
  void anEmptyPictureIsRefused() throws IOException {
    for (boolean onPaper : new boolean[] {true, false}) {
      for (int side : new int[] {1, 100}) {
        Path empty = picture(new byte[784], 2, side, onPaper);
        assertThatThrownBy(() -> HandDrawn.read(empty))
            .isInstanceOf(DataException.class)
            .hasMessageContaining("expected a digit on an even ground, found nothing on it");
      }
    }
  }

  /** Test images, in a photo's light and noise: most of the ink comes back to its place. */
  @ParameterizedTest
  @CsvSource({"0.9, 0.2, 600, 800, 20", "0.5, 0.25, 4000, 3000, 3", "0.15, 0.8, 600, 800, 20"})
  void aDigitIsFoundInAPhoto(double ground, double ink, int width, int height, int images)
      throws IOException {
    Showing photo =
        (bytes, random) -> {
          int size = (int) ((0.15 + 0.3 * random.nextDouble()) * Math.min(width, height));
          int left = width / 20 + random.nextInt(width * 9 / 10 - size);
          int top = height / 20 + random.nextInt(height * 9 / 10 - size);
          return photo(
              width,
              height,
              random,
              (x, y) -> {
                boolean inside = x >= left && y >= top && x < left + size && y < top + size;
                int at = (y - top) * 28 / size * 28 + (x - left) * 28 / size;
                double stroke = inside ? (bytes[at] & 0xff) / 255.0 : 0;
                double light = 0.7 + 0.3 * x / width;
                double paper = y > 0.97 * height ? 1 - ground : ground; // The table's edge.
                return light * (stroke * ink + (1 - stroke) * paper);
              });
        };
    assertThat(lost(images, photo)).isLessThan(0.35);
  }

  /** Noise has thousands of parts. */
  @Test
  void noiseTakesNoTime() throws IOException {
    var random = new Random(1);
    Path file = photo(2_000, 1_500, random, (x, y) -> random.nextDouble());
    assertTimeoutPreemptively(Duration.ofSeconds(30), () -> read(file));
  }

  private static void read(Path file) {
    try {
      HandDrawn.read(file);
    } catch (DataException e) {
      assertThat(e).hasMessageContaining("found nothing on it");
    }
  }

  /** How bright it is at a place, from 0 to 1. */
  @FunctionalInterface
  private interface Light {
    double at(int x, int y);
  }

  private Path photo(int width, int height, Random noise, Light light) throws IOException {
    var picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double value = light.at(x, y) + 0.02 * (noise.nextDouble() + noise.nextDouble() - 1);
        int level = (int) Math.round(255 * Math.max(0, Math.min(1, value)));
        picture.setRGB(x, y, level << 16 | level << 8 | level);
      }
    }
    Path file = folder.resolve("photo.jpg");
    assertThat(ImageIO.write(picture, "jpeg", file.toFile())).isTrue();
    return file;
  }

  /**
   * Pictures as cameras store them that are held in each of Exif's eight ways: its upper left
   * corner is where the number says (Exif 2.3, tag 0x0112).
   */
  @ParameterizedTest
  @CsvSource({
    "1, abcd", "2, badc", "3, dcba", "4, cdab", "5, acbd", "6, bdac", "7, dbca", "8, cadb"
  })
  void aCameraMayBeHeldInAnyWay(int orientation, String corners) {
    // Of two by two pixels: what is stored, row by row, and what is to be seen is abcd.
    var stored = new GreyPicture(2, 2, new float[4]);
    for (int i = 0; i < 4; i++) {
      stored.light()[i] = corners.charAt(i);
    }
    assertThat(stored.upright(orientation).light()).containsExactly('a', 'b', 'c', 'd');
  }

  @Test
  void aPhotosOrientationIsReadFromItsHeader() throws IOException {
    Path file = photo(60, 40, new Random(1), (x, y) -> x < 30 ? 0.2 : 0.8);
    byte[] plain = Files.readAllBytes(file);
    assertThat(JpegHeader.of(plain).orientation()).isEqualTo(1);
    for (boolean little : new boolean[] {false, true}) {
      var exif = ByteBuffer.allocate(36);
      exif.put(new byte[] {(byte) 0xff, (byte) 0xe1, 0, 34}).put("Exif\0\0".getBytes(US_ASCII));
      exif.put((little ? "II" : "MM").getBytes(US_ASCII));
      exif.order(little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
      exif.putShort((short) 42).putInt(8).putShort((short) 1);
      exif.putShort((short) 0x0112).putShort((short) 3).putInt(1).putShort((short) 6);
      var turned = new ByteArrayOutputStream();
      turned.write(plain, 0, 2);
      turned.write(exif.array());
      turned.write(plain, 2, plain.length - 2);
      assertThat(JpegHeader.of(turned.toByteArray())).isEqualTo(new JpegHeader(3, 6));
      var filled = new ByteArrayOutputStream(); // Fill bytes, and an APP1 of nothing, are allowed.
      filled.write(plain, 0, 2);
      filled.write(new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xe1, 0, 2, (byte) 0xff});
      filled.write(exif.array());
      filled.write(plain, 2, plain.length - 2);
      assertThat(JpegHeader.of(filled.toByteArray())).isEqualTo(new JpegHeader(3, 6));
      for (int length = 0; length < 60; length++) { // Cut anywhere, it is no error of ours.
        JpegHeader.of(Arrays.copyOf(turned.toByteArray(), length));
      }
    }
  }

  @Test
  void aPhotoIsBoundByItsDimensionsBeforeItIsDecoded() throws IOException {
    Path file = folder.resolve("bomb.png");
    ImageIO.write(
        new BufferedImage(9_000, 9_000, BufferedImage.TYPE_BYTE_BINARY), "png", file.toFile());
    assertThatThrownBy(() -> HandDrawn.read(file))
        .hasMessage(file + ": expected an image of at most 67,108,864 pixels, found 9000x9000");
  }

  private Path picture(byte[] bytes, int scale, int side, boolean onPaper) throws IOException {
    var picture = new BufferedImage(side, side, BufferedImage.TYPE_BYTE_GRAY);
    for (int y = 0; y < side; y++) {
      for (int x = 0; x < side; x++) {
        boolean inside = x < 28 * scale && y < 28 * scale;
        int value = inside ? bytes[y / scale * 28 + x / scale] & 0xff : 0;
        picture.getRaster().setSample(x, y, 0, onPaper ? 255 - value : value);
      }
    }
    Path file = folder.resolve("picture.png");
    ImageIO.write(picture, "png", file.toFile());
    return file;
  }
}

package vae.mnist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pictures of digits come out as MNIST's own images. */
class HandDrawnTest {
  private static final int IMAGES = 50;

  @TempDir private Path folder;

  /**
   * Test images five times as large, black on white and off the middle: over fifty of them all but
   * 30 % of the ink comes back to its place.
   */
  @Test
  void aDigitOnPaperIsInvertedFittedAndCentred() throws IOException {
    Images test = new MnistFiles(Path.of("mnist")).test();
    double difference = 0;
    double ink = 0;
    for (int image = 0; image < IMAGES; image++) {
      byte[] bytes = test.bytes(image);
      float[] read = Images.unit(HandDrawn.read(picture(bytes, 5, 200, true)));
      for (int i = 0; i < read.length; i++) {
        float expected = (bytes[i] & 0xff) / 255f;
        difference += Math.abs(read[i] - expected);
        ink += expected;
      }
    }
    assertThat(difference).isLessThan(0.3 * ink);
  }

  @Test
  void anImageOfMnistsIsTakenAsItIs() throws IOException {
    Images test = new MnistFiles(Path.of("mnist")).test();
    assertThat(HandDrawn.read(picture(test.bytes(0), 1, 28, false))).isEqualTo(test.bytes(0));
  }

  @Test
  void anEmptyPictureIsRefused() throws IOException {
    Path paper = picture(new byte[784], 2, 100, true);
    assertThatThrownBy(() -> HandDrawn.read(paper))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("expected a digit on an even ground, found nothing on it");
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

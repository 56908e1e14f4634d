package vae.picture;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class PictureTest {
  private static final float[] CORNERS = {0, 1, 0.5f, 2}; // The last is out of range: white.

  @Test
  void eachPixelIsACrispSquareWhiteOnBlack() throws IOException {
    byte[] png = Png.encode(Tiling.of(new float[][] {CORNERS, {1, 1, 1, 1}}, 3));
    BufferedImage picture = ImageIO.read(new ByteArrayInputStream(png));
    assertThat(picture.getWidth()).isEqualTo(8 + 2 * (2 * 3 + 8));
    assertThat(picture.getHeight()).isEqualTo(8 + (2 * 3 + 8));
    for (int y = 0; y < 3; y++) {
      for (int x = 0; x < 3; x++) {
        assertThat(picture.getRGB(8 + x, 8 + y)).isEqualTo(0xff000000);
        assertThat(picture.getRGB(11 + x, 8 + y)).isEqualTo(0xffffffff);
        assertThat(picture.getRGB(8 + x, 11 + y)).isEqualTo(0xff808080);
        assertThat(picture.getRGB(11 + x, 11 + y)).isEqualTo(0xffffffff);
        assertThat(picture.getRGB(22 + x, 8 + y)).isEqualTo(0xffffffff);
      }
    }
    assertThat(picture.getRGB(0, 0)).isEqualTo(0xff303030);
  }

  @Test
  void elevenImagesTakeTwoRows() {
    float[][] images = new float[11][4];
    BufferedImage picture = Tiling.of(images, 1);
    assertThat(picture.getWidth()).isEqualTo(8 + 10 * 10);
    assertThat(picture.getHeight()).isEqualTo(8 + 2 * 10);
  }

  @Test
  void theTextShowsWhatIsBrightAndFitsTheTerminal() {
    float[] digit = new float[784];
    Arrays.fill(digit, 28 * 14, 28 * 16, 1f); // Two full rows: one line of text.
    String text = TextPreview.of(new float[][] {digit, digit, digit, digit}, 80);
    String[] lines = text.split("\n", -1);
    assertThat(lines).hasSize(2 * 12 + 1).allMatch(line -> line.length() <= 80);
    assertThat(lines[6]).isEqualTo(("@".repeat(24) + "  ").repeat(3).strip());
    assertThat(lines[18]).isEqualTo("@".repeat(24));
    assertThat(lines[0]).isEmpty();
  }
}

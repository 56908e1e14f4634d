package vae.picture;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vae.tensor.ImageShape;
import vae.tensor.Values;

class PictureTest {
  private static final float[] CORNERS = {0, 1, 0.5f, 2}; // The last is out of range: white.

  private static ImageBatch batch(float[]... images) {
    return ImageBatch.of(Values.of(images));
  }

  @Test
  void eachPixelIsACrispSquareWhiteOnBlack() throws IOException {
    byte[] png = Png.encode(Tiling.of(batch(CORNERS, new float[] {1, 1, 1, 1}), 3));
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
    BufferedImage picture = Tiling.of(batch(new float[11][4]), 1);
    assertThat(picture.getWidth()).isEqualTo(8 + 10 * 10);
    assertThat(picture.getHeight()).isEqualTo(8 + 2 * 10);
  }

  @Test
  void coloursAndRangesAreTold() {
    // One pixel above the other; red, green, blue.
    Values signed = Values.of(new float[] {-1, 0, 1, 1, -1, -1}).reshaped(1, 2, 1, 3);
    BufferedImage picture = Tiling.of(ImageBatch.of(signed), 1);
    assertThat(picture.getRGB(8, 8)).isEqualTo(0xff0080ff);
    assertThat(picture.getRGB(8, 9)).isEqualTo(0xffff0000);
    Values bytes = Values.of(new float[] {0, 51, 204, 255}).reshaped(1, 2, 2);
    assertThat(ImageBatch.of(bytes).values()).containsExactly(0, 0.2f, 0.8f, 1);
  }

  @ParameterizedTest
  @CsvSource({
    "784,28x28x1",
    "6 5,5x6x1",
    "6 5 1,5x6x1",
    "6 5 3,5x6x3",
    "20,none",
    "6 5 2,none",
    "1,none",
    "2 3 4 5,none"
  })
  void someShapesAreImages(String dims, String expected) {
    int[] shape = Arrays.stream(dims.split(" ")).mapToInt(Integer::parseInt).toArray();
    assertThat(
            ImageShape.of(shape)
                .map(image -> "%dx%dx%d".formatted(image.width(), image.height(), image.channels()))
                .orElse("none"))
        .isEqualTo(expected);
  }

  @Test
  void theTextShowsWhatIsBrightAndFitsTheTerminal() {
    float[] digit = new float[784];
    Arrays.fill(digit, 28 * 14, 28 * 16, 1f); // Two full rows: one line of text.
    String text = TextPreview.of(batch(digit, digit, digit, digit), 80);
    String[] lines = text.split("\n", -1);
    assertThat(lines).hasSize(2 * 12 + 1).allMatch(line -> line.length() <= 80);
    assertThat(lines[6]).isEqualTo(("@".repeat(24) + "  ").repeat(3).strip());
    assertThat(lines[18]).isEqualTo("@".repeat(24));
    assertThat(lines[0]).isEmpty();
  }

  /** A swatch has its class's colour, in what is drawn and in the map that the README shows. */
  @Test
  void theLegendsColoursAreThePalettes() throws IOException {
    List<PlanePicture.LegendLine> lines =
        IntStream.range(0, 10)
            .mapToObj(i -> new PlanePicture.LegendLine(i, "class " + i, "1 %"))
            .toList();
    BufferedImage drawn = new PlanePicture("A plane", 4).withLegend("class", lines, List.of());
    BufferedImage shown = ImageIO.read(Path.of("docs/images/atlas.png").toFile());
    for (BufferedImage picture : List.of(drawn, shown)) {
      assertThat(picture.getWidth()).isEqualTo(drawn.getWidth());
      for (int label = 0; label < 10; label++) {
        // The middle of the swatch: see PlanePicture.withLegend.
        int colour = picture.getRGB(84 + 1_120 + 34 + 13, 84 + 22 + 40 * (label + 1) - 8);
        assertThat(new Color(colour)).isEqualTo(Palette.of(label));
      }
    }
  }

  @Test
  void noTwoOfAHundredClassesHaveOneColour() {
    assertThat(IntStream.range(0, 100).mapToObj(Palette::of).distinct()).hasSize(100);
  }
}

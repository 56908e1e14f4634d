package vae.mnist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import vae.config.ClassNames;

/** Lists good and bad. */
class ImageListTest {
  @TempDir private Path folder;
  private Path list;
  private final List<String> progress = new ArrayList<>();

  @BeforeEach
  void someImages() throws IOException {
    list = folder.resolve("labels.txt");
    Files.createDirectory(folder.resolve("train"));
    write("train/a.png", "png", 28, 28);
    write("train/b c.jpg", "jpg", 28, 28);
    write("other.png", "png", 20, 28);
  }

  @Test
  void readsPathsAndLabels() throws IOException {
    Files.writeString(list, "\ufefftrain/a.png 5\r\n\r\n  ./train/b c.jpg\t 0 \ntrain/a.png 9");
    ImageList images = read(false);
    assertThat(images.paths())
        .containsExactly(
            folder + "/train/a.png", folder + "/./train/b c.jpg", folder + "/train/a.png");
    assertThat(images.labels().bytes()).containsExactly(5, 0, 9);
    assertThat(List.of(images.width(), images.height(), images.pixelsPerImage(), images.count()))
        .containsExactly(28, 28, 784, 3);
    assertThat(images.skipped()).isZero();
    assertThat(progress).containsExactly("3 of 3");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "train/a.png       | expected a path and a label as in line 1, found 'train/a.png'",
        "5                 | expected an image, found no such file, '5'",
        "train/a.png 128   | expected a label from 0 to 127, found '128'",
        "train/a.png -1    | expected a label from 0 to 127, found '-1'",
        "train/a.png five  | expected a label from 0 to 127 as in line 1, found 'five'",
        "train/a.png ٣     | expected a label from 0 to 127, found '٣'",
        "train/none.png 5  | expected an image, found no such file, 'train/none.png'",
        "train 5           | expected an image, found a folder, 'train'",
        "../a.png 5        | expected a path within the list's folder, found '../a.png'",
        "train/../a.png 5  | expected a path within the list's folder, found 'train/../a.png'",
        "/etc/passwd 5     | expected a path within the list's folder, found '/etc/passwd'",
        "labels.txt 5      | expected a PNG or JPEG image, found a file of another kind, 'labels.txt'",
        "empty.png 5       | expected a PNG or JPEG image, found an empty file: a download may have failed, 'empty.png'",
        "image.webp 5      | expected a PNG or JPEG image, found a WebP image: convert it to PNG or JPEG first, such as by ImageMagick, 'image.webp'",
        "inks.jpg 5        | expected an image in grey or RGB, found a JPEG in CMYK: convert it first, 'inks.jpg'",
        "other.png 5       | expected an image of 28x28 pixels as in line 1, found 20x28, 'other.png'",
        "large.png 5       | expected an image of at most 65,536 pixels, found 257x256, 'large.png'",
        "short.png 5       | expected a whole PNG image, found it damaged (it ends early), 'short.png'",
        "flipped.png 5     | expected a whole PNG image, found it damaged (a chunk has a wrong sum), 'flipped.png'",
        "cut.jpg 5         | expected a whole JPEG image, found it damaged (*), 'cut.jpg'",
      })
  void namesABadLine(String line, String problem) throws IOException {
    Files.createFile(folder.resolve("empty.png"));
    write("large.png", "png", 257, 256);
    Files.writeString(folder.resolve("image.webp"), "RIFF1234WEBPVP8 ");
    writeInks(folder.resolve("inks.jpg"));
    byte[] png = Files.readAllBytes(folder.resolve("train/a.png"));
    Files.write(folder.resolve("short.png"), Arrays.copyOf(png, png.length - 20));
    png[png.length / 2] ^= 1;
    Files.write(folder.resolve("flipped.png"), png);
    byte[] jpeg = Files.readAllBytes(folder.resolve("train/b c.jpg"));
    Files.write(folder.resolve("cut.jpg"), Arrays.copyOf(jpeg, jpeg.length - 30));

    Files.writeString(list, "train/a.png 5\n\n" + line + "\n");
    var refused = catchThrowableOfType(DataException.class, () -> read(false));
    assertThat(refused.details()).isEmpty();
    String[] parts = problem.split("\\*", -1);
    assertThat(refused)
        .hasMessageStartingWith(list + ": line 3: " + parts[0])
        .hasMessageEndingWith(parts[parts.length - 1]);
    assertThat(read(true).skipped()).isEqualTo(1);
  }

  /** A JPEG of four components, as printers' programs write it. */
  private static void writeInks(Path file) throws IOException {
    var writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    try (var out = ImageIO.createImageOutputStream(file.toFile())) {
      writer.setOutput(out);
      writer.write(
          new IIOImage(
              Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 28, 28, 4, null), null, null));
    } finally {
      writer.dispose();
    }
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "links want a privilege there")
  void aLinkMayNotLeaveTheFolder(@TempDir Path elsewhere) throws IOException {
    Files.copy(folder.resolve("train/a.png"), elsewhere.resolve("a.png"));
    Files.createSymbolicLink(folder.resolve("out"), elsewhere);
    Files.createSymbolicLink(folder.resolve("in.png"), folder.resolve("train/a.png"));
    Files.writeString(list, "in.png 1\nout/a.png 2\n");
    assertThatThrownBy(() -> read(false))
        .hasMessage(
            list
                + ": line 2: expected a path within the list's folder, found a link that leaves it,"
                + " 'out/a.png'");
    assertThat(read(true).labels().bytes()).containsExactly(1);
  }

  @Test
  void tellsUpToTwentyBadLines() throws IOException {
    List<String> lines = new ArrayList<>(List.of("train/a.png 5"));
    IntStream.range(0, 23).forEach(i -> lines.add("train/%d.png 5".formatted(i)));
    Files.write(list, lines);
    var refused = catchThrowableOfType(DataException.class, () -> read(false));
    assertThat(refused).hasMessage(list + ": expected 24 good lines, found 23 bad ones");
    assertThat(refused.details())
        .hasSize(21)
        .startsWith("line 2: expected an image, found no such file, 'train/0.png'")
        .contains("line 21: expected an image, found no such file, 'train/19.png'")
        .endsWith("and 3 more");
    assertThat(read(true).skipped()).isEqualTo(23);
  }

  @Test
  void whatIsShownIsShortAndHarmless() throws IOException {
    Files.writeString(list, "\u001b[2J" + "x".repeat(5_000));
    assertThatThrownBy(() -> read(false))
        .hasMessageContaining("expected a line of up to 8,192 printable letters, found '?[2Jxxx")
        .satisfies(e -> assertThat(e.getMessage()).endsWith("xx…'").hasSizeLessThan(500));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n \n", "# nothing yet\n", "path,label\n"})
  void wantsAtLeastOneLine(String text) throws IOException {
    Files.writeString(list, text);
    assertThatThrownBy(() -> read(true))
        .isInstanceOf(DataException.class)
        .hasMessage(list + ": expected lines of a path and a label, found none");
  }

  @Test
  void wantsAtLeastOneGoodLine() throws IOException {
    Files.writeString(list, "train/x.png 1\ntrain/y.png 2\n");
    var refused = catchThrowableOfType(DataException.class, () -> read(true));
    assertThat(refused).hasMessage(list + ": expected 2 good lines, found 2 bad ones");
    assertThat(refused.details()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "train/a.png,5\ntrain/b c.jpg,0\n",
        "train/a.png\t5\ntrain/b c.jpg\t0\n",
        "train/a.png , 5\ntrain/b c.jpg ;0\n",
        "path,label\r\n\"train/a.png\",\"5\"\r\n\"train/b c.jpg\",\"0\"\r\n",
        "# of a first try\n\nfilename\tclass\ntrain/a.png 5\n  # and\ntrain/b c.jpg 0",
        "train\\a.png 5\ntrain\\b c.jpg 0\n",
      })
  void readsLinesAsTablesAndOtherProgramsHaveThem(String text) throws IOException {
    Files.writeString(list, text);
    ImageList images = read(false);
    assertThat(images.paths()).containsExactly(folder + "/train/a.png", folder + "/train/b c.jpg");
    assertThat(images.labels().bytes()).containsExactly(5, 0);
    assertThat(images.labels().classes()).contains(ClassNames.numbered(6));
  }

  @Test
  void namesAreClasses() throws IOException {
    Files.writeString(
        list, "train/a.png, T-shirt/top\ntrain/b c.jpg Ankle boot\ntrain/a.png ankle Boot\n");
    Labels labels = read(false).labels();
    assertThat(labels.bytes()).containsExactly(1, 0, 0);
    assertThat(labels.classes()).contains(new ClassNames(List.of("Ankle boot", "T-shirt/top")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "train/a.png,0,train | expected one label, found '0,train'",
        "train/a.png 0 1     | expected one label, found '0 1'",
        "train/a.png 0 # one | expected one label, found '0 # one'",
        "train/a.png 3.0     | expected one label, found '3.0'",
        "train/a.png \"1      | expected one label, found '\"1'",
        "train/a.png,        | expected a path and a label as in line 1, found 'train/a.png'",
        "train/a.png cat     | expected a label from 0 to 127 as in line 1, found 'cat'",
      })
  void aColumnTooManyIsNoLabel(String line, String problem) throws IOException {
    Files.writeString(list, "train/a.png 5\n" + line + "\n");
    assertThatThrownBy(() -> read(false)).hasMessage(list + ": line 2: " + problem);
  }

  @Test
  void aNumberAmongNamesIsASlip() throws IOException {
    Files.writeString(list, "train/a.png cat\ntrain/a.png 7\n");
    assertThatThrownBy(() -> read(false))
        .hasMessage(list + ": line 2: expected a class name as in line 1, found '7'");
  }

  /** What lists may begin with is what some binary files do. */
  @ParameterizedTest
  @ValueSource(strings = {"BMW", "GIF8", "PAR1", "[0]", "{x}", "%PDF"})
  void aListMayBeginWithAnything(String name) throws IOException {
    write(name + ".png", "png", 28, 28);
    Files.writeString(list, name + ".png 3\n");
    assertThat(read(false).labels().bytes()).containsExactly(3);
  }

  @Test
  void quotesAreThoseOfTables() throws IOException {
    write("a, \"b\".png", "png", 28, 28);
    Files.writeString(list, "\"a, \"\"b\"\".png\",\"x, \"\"y\"\"\"\n");
    ImageList images = read(false);
    assertThat(images.paths()).containsExactly(folder + "/a, \"b\".png");
    assertThat(images.labels().classes()).contains(new ClassNames(List.of("x, \"y\"")));
  }

  /** A line of a megabyte must not take minutes. */
  @ParameterizedTest
  @ValueSource(strings = {"a%sb c", "a.png x%s", "\"%s"})
  void aLineTooLongIsRefusedAtOnce(String line) throws IOException {
    for (String filling : List.of(" ", ".png ", "\"")) {
      for (int count : new int[] {1_500, 1_000_000}) {
        Files.writeString(list, line.formatted(filling.repeat(count)));
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> assertRefused());
      }
    }
  }

  private void assertRefused() {
    assertThatThrownBy(() -> read(false)).isInstanceOf(DataException.class);
  }

  @Test
  void labelsCanBeLeftOut() throws IOException {
    Files.writeString(list, "train/a.png\ntrain/b c.jpg\n");
    ImageList images = read(false);
    assertThat(images.paths()).hasSize(2);
    assertThat(images.labels().classes()).isEmpty();
    assertThat(images.images(784).labels().of(1)).isEqualTo(Labels.NONE);
    Files.writeString(list, "train/a.png\ntrain/b c.jpg cat\n");
    assertThatThrownBy(() -> read(false))
        .hasMessage(list + ": line 2: expected a path alone as in line 1, found the label 'cat'");
  }

  @Test
  void moreClassesThanThereMayBeAreRefused() throws IOException {
    Files.write(list, IntStream.range(0, 129).mapToObj(i -> "train/a.png class" + i).toList());
    assertThatThrownBy(() -> read(false))
        .hasMessage(list + ": expected 1 to 128 class names, found 129");
    Files.writeString(list, "train/a.png " + "x".repeat(61));
    assertThatThrownBy(() -> read(false))
        .hasMessageContaining("line 1: expected a class name of 1 to 60 letters, found 'xxx");
  }

  @Test
  void whatIsNoListIsCalledWhatItIs() throws IOException {
    list = folder.resolve("train/a.png");
    assertThatThrownBy(() -> read(false))
        .hasMessage(list + ": expected lines of text, found a PNG image");
    list =
        Files.write(folder.resolve("windows.txt"), new byte[] {(byte) 0xff, (byte) 0xfe, 'a', 0});
    assertThatThrownBy(() -> read(false))
        .hasMessage(list + ": expected lines of text, found text in UTF-16: save it as UTF-8");
    list = Files.createFile(folder.resolve("empty.txt"));
    assertThatThrownBy(() -> read(false)).hasMessageContaining("found an empty file");
    list = folder.resolve("train");
    assertThatThrownBy(() -> read(false)).hasMessage(list + ": expected a file, found a folder");
  }

  @Test
  void wantsUtf8() throws IOException {
    Files.write(list, new byte[] {'a', '\n', 'b', (byte) 0xff, ' ', '1', '\n'});
    assertThatThrownBy(() -> read(true))
        .isInstanceOf(DataException.class)
        .hasMessage(list + ": line 2: expected UTF-8, found other bytes");
  }

  @Test
  void namesAMissingList() {
    assertThatThrownBy(() -> read(true))
        .isInstanceOf(DataException.class)
        .hasMessage(list + ": no such data file");
  }

  private ImageList read(boolean skipBad) throws DataException {
    return ImageList.read(list, skipBad, (lines, of) -> progress.add(lines + " of " + of));
  }

  private void write(String name, String format, int width, int height) throws IOException {
    File file = folder.resolve(name).toFile();
    var image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    image.createGraphics().fillOval(3, 3, width / 2, height / 2);
    assertThat(ImageIO.write(image, format, file)).isTrue();
  }
}

package vae.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import vae.testing.Output;
import vae.testing.PythonModels;

/** Python's models for images of several shapes, by the commands that look at images. */
class ImageShapesTest {
  private static final int IMAGES = 20;

  private static Path models;

  @TempDir private Path work;

  @BeforeAll
  static void make() throws IOException {
    models = PythonModels.of("make_image_vaes.py");
  }

  /** From single files and from IDX: the codes are those that Python computes. */
  @ParameterizedTest
  @ValueSource(strings = {"colour", "grey", "flat_grey", "batch_of_16", "wide"})
  void encodesWhatPythonEncodes(String name) throws IOException {
    List<float[]> expected = table(models.resolve(name).resolve("codes.csv"), 0);
    for (String[] source :
        new String[][] {{"--image-list", "list.txt"}, {"--images", "images.idx"}}) {
      Path csv = work.resolve("codes.csv");
      Output output =
          command(
              "encode",
              name,
              source[0],
              models.resolve(name).resolve(source[1]),
              "--csv",
              csv,
              "--out",
              work.resolve("codes.png"));
      assertThat(output.err().contains("encode takes 16 rows at a time"))
          .isEqualTo(name.equals("batch_of_16"));
      List<float[]> found = table(csv, 1);
      assertThat(found).hasSize(IMAGES);
      for (int i = 0; i < IMAGES; i++) {
        assertThat(found.get(i)).containsExactly(expected.get(i), within(1e-5f));
      }
    }
  }

  /** The upper row is the files' own pixels, the lower what Python decodes. */
  @ParameterizedTest
  @ValueSource(strings = {"colour", "grey", "flat_grey", "batch_of_16", "wide"})
  void reconstructShowsOriginalsAboveWhatBecomesOfThem(String name) throws IOException {
    Path png = work.resolve("reconstructed.png");
    command(
        "reconstruct",
        name,
        "--image-list",
        models.resolve(name).resolve("list.txt"),
        "--count",
        3,
        "--out",
        png);
    BufferedImage picture = ImageIO.read(png.toFile());
    float[] decoded = table(models.resolve(name).resolve("generated.csv"), 0).get(1);
    BufferedImage file = ImageIO.read(image(name, 1).toFile());
    int channels = file.getRaster().getNumBands();
    assertThat(picture.getHeight()).isEqualTo(2 * (4 * file.getHeight() + 4) + 4);
    for (int[] at : new int[][] {{3, 5}, {14, 14}, {20, 11}}) {
      int left = 4 + (4 * file.getWidth() + 4) + 4 * at[0];
      int pixel = (at[1] * file.getWidth() + at[0]) * channels;
      for (int channel = 0; channel < 3; channel++) {
        int own = Math.min(channel, channels - 1);
        assertThat(picture.getRaster().getSample(left, 4 + 4 * at[1], channel))
            .isEqualTo(file.getRaster().getSample(at[0], at[1], own));
        float value = decoded[pixel + own];
        assertThat(
                picture
                        .getRaster()
                        .getSample(left, 4 + 4 * file.getHeight() + 4 + 4 * at[1], channel)
                    / 255.0)
            .isCloseTo(name.equals("wide") ? (value + 1) / 2 : value, within(0.003));
      }
    }
  }

  @Test
  void picturesOfOtherShapesAreTakenAsTheyAre() throws IOException {
    Path first = image("colour", 0);
    Path second = image("colour", 1);
    Path strip = work.resolve("strip.png");
    command("interpolate", "colour", first, second, "--count", 5, "--out", strip);
    assertThat(ImageIO.read(strip.toFile()).getWidth()).isEqualTo(5 * (4 * 32 + 4) + 4);
    assertThat(work.resolve("strip.gif")).exists();
    Output scored = command("score", "colour", first, second, "--out", work.resolve("scored.png"));
    assertThat(scored.out()).containsPattern("-ELBO \\d+\\.\\d nats");
    assertThat(scored.err()).contains("no percentile");
    command("manifold", "colour", "--side", 8, "--out", work.resolve("manifold.png"));
    assertThat(ImageIO.read(work.resolve("manifold.png").toFile()).getWidth())
        .isEqualTo(8 * 2 * 32);
    command("generate", "colour", "--z", "0.5,-1", "--out", work.resolve("generated.png"));
    command("reconstruct", "colour", first, "--out", work.resolve("one.png"));
  }

  /** Mnist's own images, drawn by hand or out of its files, go into each model of 28 x 28. */
  @Test
  void mnistGoesIntoModelsOf28By28() throws IOException {
    for (String name : List.of("grey", "flat_grey", "batch_of_16")) {
      command("reconstruct", name, "--count", 5, "--out", work.resolve("mnist.png"));
      command("score", name, image(name, 0), "--out", work.resolve("scored.png"));
    }
  }

  @Test
  void imagesOfAnotherShapeAreRefusedByName() throws IOException {
    assertRefused(
        "images.idx: expected images of shape [32,32,3], as ",
        "found [28,28]",
        "encode",
        "colour",
        "--images",
        models.resolve("grey/images.idx"));
    assertRefused("mnist: expected images of shape [32,32,3]", "[28,28]", "encode", "colour");
    assertRefused(
        "0.png: expected an image of shape [28,28,1]",
        "found [32,32]",
        "encode",
        "grey",
        "--image-list",
        models.resolve("colour/list.txt"));
    assertRefused(
        "0.png: expected an image of shape [32,32,3]",
        "found [20,28,3]",
        "reconstruct",
        "colour",
        image("wide", 0));
    Path long14 = work.resolve("14x56.png");
    ImageIO.write(new BufferedImage(14, 56, BufferedImage.TYPE_BYTE_GRAY), "png", long14.toFile());
    assertRefused(
        "14x56.png: expected an image of shape [28,28]",
        "found [56,14]",
        "encode",
        "flat_grey",
        "--image-list",
        Files.writeString(work.resolve("list.txt"), "14x56.png 0\n"));
  }

  private static void assertRefused(
      String file, String found, String command, String name, Object... more) {
    String[] args =
        Stream.concat(
                Stream.of(command, "--saved-model", models.resolve(name).resolve("saved")),
                Stream.of(more))
            .map(Object::toString)
            .toArray(String[]::new);
    Output output = Output.of(args);
    assertThat(output.exitCode()).as(output.err()).isEqualTo(ExitCode.DATA);
    assertThat(output.err().lines().filter(line -> line.startsWith("error: ")))
        .hasSize(1)
        .first()
        .asString()
        .contains(file)
        .endsWith(found);
  }

  private static Path image(String name, int number) {
    return models.resolve(name).resolve("images/" + number + ".png");
  }

  private static Output command(String command, String name, Object... more) {
    return Output.ofSuccess(
        Stream.concat(
                Stream.of(command, "--saved-model", models.resolve(name).resolve("saved")),
                Stream.of(more))
            .toArray());
  }

  private static List<float[]> table(Path csv, int header) throws IOException {
    return Files.readAllLines(csv).stream()
        .skip(header)
        .map(
            line -> {
              String[] fields = line.split(",", -1);
              float[] values = new float[header == 0 ? fields.length : 4]; // Then comes the label.
              for (int i = 0; i < values.length; i++) {
                values[i] = Float.parseFloat(fields[i]);
              }
              return values;
            })
        .toList();
  }
}

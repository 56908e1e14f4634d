package vae.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import vae.testing.FileBytes;
import vae.testing.Output;

/** Data sets whose classes are no digits: of each class one row of the images is bright. */
class ClassNamesTest {
  private static final int SIDE = 12;

  @TempDir private Path work;

  @ParameterizedTest
  @ValueSource(ints = {3, 12})
  void fewerOrMoreClassesThanTenHaveTheirNames(int classes) throws IOException {
    Path data = images(classes);
    Path names =
        Files.writeString(
            work.resolve("names.txt"),
            IntStream.range(0, classes)
                .mapToObj(i -> "row, no. " + (i + 1) + "\n\n")
                .collect(Collectors.joining()));
    Path models = work.resolve("models");
    String last = "row, no. " + classes;
    Output.ofSuccess(
        "train",
        "--mnist",
        data,
        "--class-names",
        names,
        "--steps",
        600,
        "--hidden",
        32,
        "--optimizer",
        "adam",
        "--loss",
        "logits",
        "--learning-rate",
        0.003,
        "--seed",
        1,
        "--saved-model",
        models);
    assertThat(Files.readAllLines(models.resolve("1/assets.extra/classes.txt")))
        .hasSize(classes)
        .last()
        .isEqualTo(last);

    Path csv = work.resolve("drawn.csv");
    Output drawn =
        on(models, "generate", "--digit", last, "--count", 5, "--csv", csv, "--out", png());
    assertThat(drawn.err()).doesNotContain("unsure");
    assertThat(Files.readAllLines(csv))
        .hasSize(5)
        .allSatisfy(line -> assertThat(brightestRow(line)).isEqualTo(classes - 1));

    assertThat(on(models, "atlas", "--out", png()).out())
        .contains("\n" + last)
        .contains("the judge of what comes out is right on 100.0 %");
    assertThat(on(models, "what-is", "--z", "0,0", "--mnist", data).out())
        .contains("z = 0,0: row, no. ")
        .containsPattern("nearest training images:( row, no\\. \\d+ \\(image [\\d,]+\\)){8}");
    Path codes = work.resolve("codes.csv");
    on(models, "encode", "--mnist", data, "--csv", codes, "--out", png());
    assertThat(Files.readAllLines(codes)).last().asString().endsWith(",\"" + last + "\"");
    on(models, "interpolate", last, "0", "--out", png());

    Output refused = Output.of("generate", "--digit", "shoe", "--saved-model", models.toString());
    assertThat(refused.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(refused.err()).contains("--digit: expected one of row, no. 1,").contains("shoe");
  }

  @Test
  void fewerNamesThanLabelsAreRefused() throws IOException {
    Path names = Files.writeString(work.resolve("names.txt"), "one\ntwo\n");
    Output refused =
        Output.of(
            "train",
            "--mnist",
            images(3).toString(),
            "--class-names",
            names.toString(),
            "--saved-model",
            work.resolve("models").toString());
    assertThat(refused.exitCode()).isEqualTo(ExitCode.DATA);
    assertThat(refused.err()).contains("expected labels among the 2 class names, found 2");
    assertThat(work.resolve("models/1")).doesNotExist();
    for (String bad : List.of("", "one\nOne\n", "a\u0007b\n")) {
      Files.writeString(names, bad);
      Output output =
          Output.of(
              "train",
              "--mnist",
              work.toString(),
              "--class-names",
              names.toString(),
              "--saved-model",
              work.resolve("models").toString());
      assertThat(output.exitCode()).isEqualTo(ExitCode.DATA);
    }
  }

  private Output on(Path models, Object... args) {
    Object[] all = Arrays.copyOf(args, args.length + 2);
    all[args.length] = "--saved-model";
    all[args.length + 1] = models;
    return Output.ofSuccess(all);
  }

  private Path png() {
    return work.resolve("picture.png");
  }

  private static int brightestRow(String line) {
    String[] values = line.split(",", -1);
    double[] rows = new double[SIDE];
    for (int i = 0; i < values.length; i++) {
      rows[i / SIDE] += Double.parseDouble(values[i]);
    }
    int best = 0;
    for (int row = 1; row < SIDE; row++) {
      best = rows[row] > rows[best] ? row : best;
    }
    return best;
  }

  /** MNIST's four files, of 1,200 images. */
  private Path images(int classes) throws IOException {
    Path data = Files.createDirectories(work.resolve("data"));
    int count = 1_200;
    var random = new Random(3);
    byte[] labels = new byte[count];
    ByteBuffer pixels = ByteBuffer.allocate(count * SIDE * SIDE);
    for (int i = 0; i < count; i++) {
      labels[i] = (byte) (i % classes);
      for (int pixel = 0; pixel < SIDE * SIDE; pixel++) {
        boolean bright = pixel / SIDE == labels[i];
        pixels.put((byte) (bright ? 200 + random.nextInt(56) : random.nextInt(20)));
      }
    }
    for (String part : List.of("train", "t10k")) {
      Files.write(
          data.resolve(part + "-images-idx3-ubyte"),
          FileBytes.idx(pixels.array(), count, SIDE, SIDE));
      Files.write(data.resolve(part + "-labels-idx1-ubyte"), FileBytes.idx(labels, count));
    }
    return data;
  }
}

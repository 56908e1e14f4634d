package vae.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vae.mnist.ImageList;
import vae.mnist.Images;
import vae.mnist.MnistFiles;
import vae.testing.Output;

/** From the IDX files to PNG files and a list. */
class UnpackTest {
  @TempDir private Path folder;

  @Test
  void writesTheFirstImagesAndTheirList() throws IOException {
    Output output = unpack("--count", "1001"); // More than are written between two words.
    assertThat(output.exitCode()).as(output.err()).isZero();
    Path list = folder.resolve("train_labels.txt");
    assertThat(output.err()).isEqualTo(list + ": 1,001 images\n");
    assertThat(Files.readAllLines(list))
        .hasSize(1_001)
        .startsWith("train/00000.png 5", "train/00001.png 0");
    try (Stream<Path> images = Files.list(folder.resolve("train"))) {
      assertThat(images).hasSize(1_001);
    }
    ImageList read = ImageList.read(list, false, (lines, of) -> {});
    assertThat(read.width()).isEqualTo(28);
    assertThat(read.height()).isEqualTo(28);
    Images train = new MnistFiles(Path.of("mnist")).train();
    for (int i = 0; i < read.count(); i++) {
      assertThat(read.labels().of(i)).isEqualTo(train.labels().of(i));
    }
  }

  @Test
  void writesTheTestImagesToo() throws IOException {
    assertThat(unpack("--set", "test", "--count", "3").exitCode()).isZero();
    assertThat(folder.resolve("test_labels.txt"))
        .hasContent("test/00000.png 7\ntest/00001.png 2\ntest/00002.png 1\n");
  }

  @Test
  void refusesACountThatIsNone() {
    for (String count : new String[] {"0", "-1", "60001"}) {
      Output output = unpack("--count", count);
      assertThat(output.exitCode()).isEqualTo(ExitCode.USAGE);
      assertThat(output.err())
          .startsWith(
              "error: --count: expected 1 to 60,000 images, found %,d"
                  .formatted(Integer.parseInt(count)));
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void leavesNoListWhereAnImageIsMissing() throws IOException {
    Path list = folder.resolve("train_labels.txt");
    Path inTheWay = Files.createDirectories(folder.resolve("train/00002.png"));
    Output output = unpack("--count", "5");
    assertThat(output.exitCode()).isEqualTo(ExitCode.OUTPUT);
    assertThat(output.err()).startsWith("error: " + inTheWay + ": can't write (").hasLineCount(1);
    assertThat(list).doesNotExist();
  }

  @Test
  void keepsAListThatSaysSomethingElse() throws IOException {
    Path list = Files.writeString(folder.resolve("train_labels.txt"), "mine/1.png 1\n");
    Output output = unpack("--count", "5");
    assertThat(output.exitCode()).isEqualTo(ExitCode.OUTPUT);
    assertThat(output.err())
        .isEqualTo(
            "error: %s: can't write (another list of that name is there: remove it, or give --out)\n"
                .formatted(list));
    assertThat(list).hasContent("mine/1.png 1");
    assertThat(folder.resolve("train")).doesNotExist();
  }

  @Test
  void unpacksTheSameAgain() {
    assertThat(unpack("--count", "5").exitCode()).isZero();
    assertThat(unpack("--count", "5").exitCode()).isZero();
  }

  @Test
  void namesAFolderThatCanNotBeMade() throws IOException {
    Path file = Files.writeString(folder.resolve("train"), "in the way");
    Output output = unpack("--count", "5");
    assertThat(output.exitCode()).isEqualTo(ExitCode.OUTPUT);
    assertThat(output.err())
        .isEqualTo("error: " + file + ": can't write (a file of that name is in the way)\n");
  }

  private Output unpack(String... more) {
    return Output.of(
        Stream.concat(Stream.of("unpack", "--out", folder.toString()), Stream.of(more))
            .toArray(String[]::new));
  }
}

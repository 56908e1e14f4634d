package vae.mnist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import vae.mnist.IdxReader.IdxArray;
import vae.tensor.ImageShape;
import vae.testing.FileBytes;

class IdxReaderTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void readsWhatTheFormatSays(boolean packed) throws IOException {
    byte[] file = idx(0x803, 2, 1, 3).put(new byte[] {0, 1, 2, 3, 4, (byte) 255}).array();
    IdxArray array = read(packed ? FileBytes.gzip(file) : file, 3);
    assertThat(array.dims()).containsExactly(2, 1, 3);
    assertThat(array.values()).containsExactly(0, 1, 2, 3, 4, 255);
  }

  @Test
  void refusesAnotherTypeOrRank() {
    assertRefused(
        idx(0x801, 1).array(), "expected the magic number 0x00000803, found an IDX file of labels");
    assertRefused(
        idx(0xd03, 1, 1, 1).array(), "expected the magic number 0x00000803, found 0x00000d03");
  }

  /** Images have a shape of their own: grey, or with channels. */
  @Test
  void imagesOfRank4AreReadWhereTheyWillDo() throws IOException {
    Path file = folder.resolve("images.idx");
    Files.write(file, FileBytes.gzip(idx(0x804, 2, 5, 4, 3).put(24, (byte) 9).array()));
    Images images = MnistFiles.read(file, Optional.empty());
    assertThat(images.shape()).isEqualTo(new ImageShape(4, 5, 3)).hasToString("[5,4,3]");
    assertThat(images.bytes(0)).hasSize(60).endsWith(0, 0, 0).contains(9);
    Files.write(file, idx(0x804, 2, 5, 4, 1).array());
    assertThat(MnistFiles.read(file, Optional.empty()).shape()).isEqualTo(ImageShape.grey(4, 5));
    Files.write(file, idx(0x804, 2, 5, 4, 2).array());
    assertThatThrownBy(() -> MnistFiles.read(file, Optional.empty()))
        .isInstanceOf(DataException.class)
        .hasMessage(file + ": expected 1 or 3 channels, found 2");
    Files.write(file, idx(0x802, 2, 5).array());
    assertThatThrownBy(() -> MnistFiles.read(file, Optional.empty()))
        .hasMessageContaining(
            "expected the magic number 0x00000803 or 0x00000804, found 0x0000080");
  }

  @Test
  void refusesTooFewAndTooManyValues() {
    assertRefused(Arrays.copyOf(idx(0x803, 2, 1, 3).array(), 21), "expected 6 values, found 5");
    byte[] longer = Arrays.copyOf(idx(0x803, 2, 1, 3).array(), 23);
    assertRefused(longer, "expected the end after 6 values, found more");
    assertRefused(FileBytes.gzip(longer), "expected the end after 6 values, found more");
    assertRefused(
        FileBytes.gzip(Arrays.copyOf(idx(0x803, 2, 1, 3).array(), 21)),
        "expected 6 values, found 5");
    assertRefused(new byte[] {0, 0, 8}, "expected a header of 16 bytes, found 3");
    assertRefused(new byte[0], "expected the magic number 0x00000803, found an empty file");
  }

  @Test
  void refusesImpossibleDimensionsBeforeTakingMemory() {
    byte[] huge = Arrays.copyOf(idx(0x803, 1, 1, 1).array(), 17);
    ByteBuffer.wrap(huge).putInt(4, 30_000).putInt(8, 30_000).putInt(12, 1);
    assertRefused(huge, "expected 900,000,000 values, found a file too short");
    assertRefused(FileBytes.gzip(huge), "expected 900,000,000 values, found a file too short");
    ByteBuffer.wrap(huge).putInt(4, -1);
    assertRefused(huge, "found 4,294,967,295 as number 1");
    ByteBuffer.wrap(huge).putInt(4, 0);
    assertRefused(huge, "found 0 as number 1");
    ByteBuffer.wrap(huge).putInt(4, Integer.MAX_VALUE).putInt(8, Integer.MAX_VALUE);
    assertRefused(huge, "at most 1,073,741,824 values");
  }

  @Test
  void refusesADamagedGzipStreamAndWhatFollowsIt() {
    byte[] packed = FileBytes.gzip(idx(0x803, 2, 1, 3).array());
    assertRefused(Arrays.copyOf(packed, packed.length - 1), "not a whole gzip stream");
    assertRefused(
        Arrays.copyOf(packed, packed.length + 5), "after the gzip stream, found 5 more bytes");
    assertRefused(
        Arrays.copyOf(packed, packed.length + 500), "after the gzip stream, found 500 more bytes");
    packed[packed.length - 6] ^= 1; // In the checksum.
    assertRefused(packed, "not a whole gzip stream");
  }

  @Test
  void refusesOrReadsAnyDamagedFileWithoutAnotherFailure() throws IOException {
    Random random = new Random(4);
    byte[] plain = idx(0x803, 20, 4, 4).array();
    byte[] packed = FileBytes.gzip(plain);
    for (int i = 0; i < 2_000; i++) {
      byte[] damaged = (i % 2 == 0 ? plain : packed).clone();
      for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      }
      try {
        assertThat(read(Arrays.copyOf(damaged, 1 + random.nextInt(damaged.length)), 3)).isNotNull();
      } catch (DataException expected) {
        assertThat(expected).hasMessageContaining("file.idx");
      }
    }
  }

  private void assertRefused(byte[] contents, String reason) {
    assertThatThrownBy(() -> read(contents, 3))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(folder.resolve("file.idx") + ": ")
        .hasMessageContaining(reason);
  }

  private IdxArray read(byte[] contents, int rank) throws IOException {
    Path file = Files.write(folder.resolve("file.idx"), contents);
    return IdxReader.parse(file, DataFile.bytes(file), rank);
  }

  /** A header, and as many zero bytes as it declares. */
  private static ByteBuffer idx(int magic, int... dims) {
    int count = Arrays.stream(dims).reduce(1, (a, b) -> a * b);
    ByteBuffer file = ByteBuffer.allocate(4 + 4 * dims.length + count).putInt(magic);
    Arrays.stream(dims).forEach(file::putInt);
    return file;
  }
}

package vae.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import vae.config.Seed;
import vae.mnist.DataException;
import vae.mnist.ImageList;
import vae.picture.Png;

/** Batches by way of the queues, of images of one pixel. */
@Timeout(60)
class QueuedBatchesTest {
  private static final int COUNT = 10;
  private static final int BATCH = 5;

  @TempDir private Path folder;
  private Path file;
  private ImageList list;

  @BeforeEach
  void someImages() throws IOException {
    file = folder.resolve("labels.txt");
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      Files.write(folder.resolve(i + ".png"), Png.encode(new byte[] {(byte) (20 * i)}, 1));
      lines.add("%d.png %d".formatted(i, i));
    }
    Files.write(file, lines);
    list = ImageList.read(file, false, (checked, of) -> {});
  }

  @Test
  void givesThePixelsOfTheList() throws IOException {
    float[] batch = new float[BATCH];
    try (var batches = QueuedBatches.start(list, BATCH, new Seed(1))) {
      for (int step = 1; step <= 20; step++) {
        batches.copyBatch(step, batch);
        for (float pixel : batch) {
          assertThat(pixel).isBetween(0f, 180 / 255f);
          assertThat(pixel).isEqualTo(Math.round(pixel * 255) / 255f);
          assertThat(Math.round(pixel * 255) % 20).isZero();
        }
      }
    }
    assertThat(readers()).isEmpty();
  }

  @Test
  void aFileThatVanishesAfterTheCheckIsNamed() throws IOException {
    Path gone = folder.resolve("3.png");
    Files.delete(gone);
    try (var batches = QueuedBatches.start(list, BATCH, new Seed(1))) {
      assertThatThrownBy(() -> takeMany(batches))
          .isInstanceOf(DataException.class)
          .hasMessage(
              file
                  + ": expected images as they were checked, found "
                  + gone
                  + "; No such file or directory");
    }
    assertThat(readers()).isEmpty();
  }

  @Test
  void anImageOfAnotherSizeAfterTheCheckIsTold() throws IOException {
    Files.write(folder.resolve("3.png"), Png.encode(new byte[4], 2));
    try (var batches = QueuedBatches.start(list, BATCH, new Seed(1))) {
      assertThatThrownBy(() -> takeMany(batches))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("found Input to reshape is a tensor with 4 values")
          .satisfies(e -> assertThat(e.getMessage()).hasLineCount(1));
    }
  }

  private static void takeMany(QueuedBatches batches) throws DataException {
    float[] batch = new float[BATCH];
    for (int step = 1; step <= 1_000; step++) {
      batches.copyBatch(step, batch);
    }
  }

  private static List<Thread> readers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().contains("nqueue"))
        .toList();
  }
}

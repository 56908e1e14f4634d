package vae.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vae.files.ModelException;
import vae.storage.Manifest;
import vae.testing.SmallModel;
import vae.training.CheckpointStore;

/** Those flips that TensorFlow would take without a word are among these. */
@ChaosRow(
    order = 3,
    test = "single-bit flips and truncations over all files of a model and of a checkpoint",
    holds = "all refused before TensorFlow reads them, naming the file; no JVM crash")
class DamagedFilesTest {
  private static final int FLIPS = Dose.of(1_000, 200);
  private static final int TRUNCATIONS = Dose.of(200, 40);

  @TempDir private static Path whole;
  @TempDir private Path folder;
  private final Random random = Dose.random(DamagedFilesTest.class);

  @BeforeAll
  static void save() throws IOException {
    try (SmallModel model = new SmallModel(1);
        CheckpointStore store = CheckpointStore.open(whole.resolve("checkpoints"))) {
      model.publish(whole);
      store.save(model.inSession(), SmallModel.record(7));
    }
  }

  @BeforeEach
  void copy() throws IOException {
    FileUtils.copyDirectory(whole.toFile(), folder.toFile());
  }

  @Test
  void ofAModel() throws IOException {
    List<Path> files = files("1");
    damageEach(
        files,
        file ->
            // By this alone: it knows no TensorFlow.
            assertThatThrownBy(() -> Manifest.check(folder.resolve("1")))
                .isInstanceOf(ModelException.class)
                .hasMessageStartingWith(file.toString() + ": "));
    ChaosTable.note(
        "model: %d flips and %d truncations in %d files refused"
            .formatted(FLIPS, TRUNCATIONS, files.size()));
  }

  @Test
  void ofACheckpoint() throws IOException {
    List<Path> files = new ArrayList<>(files("checkpoints"));
    files.removeIf(file -> file.endsWith("checkpoint")); // For TF1's programs; ours don't read it.
    damageEach(
        files,
        file -> {
          List<ModelException> damaged = new ArrayList<>();
          try (CheckpointStore store = CheckpointStore.open(folder.resolve("checkpoints"))) {
            assertThat(store.newest(damaged::add)).isEmpty();
          }
          assertThat(damaged).hasSize(1);
          assertThat(damaged.get(0)).hasMessageStartingWith(file + ": ");
        });
    ChaosTable.note("checkpoint: as many in %d files".formatted(files.size()));
  }

  private interface Check {
    void refuses(Path file) throws IOException;
  }

  private void damageEach(List<Path> files, Check check) throws IOException {
    for (int i = 0; i < FLIPS + TRUNCATIONS; i++) {
      Path file = files.get(i % files.size());
      byte[] before = Files.readAllBytes(file);
      if (i < FLIPS) {
        flip(file);
      } else {
        truncate(file, i < FLIPS + files.size());
      }
      check.refuses(file);
      Files.write(file, before);
    }
  }

  private void flip(Path file) throws IOException {
    try (var bytes = new RandomAccessFile(file.toFile(), "rw")) {
      long at = random.nextLong(bytes.length());
      bytes.seek(at);
      int value = bytes.read();
      bytes.seek(at);
      bytes.write(value ^ 1 << random.nextInt(8));
    }
  }

  private void truncate(Path file, boolean toNothing) throws IOException {
    try (var bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.setLength(toNothing ? 0 : random.nextLong(bytes.length()));
    }
  }

  private List<Path> files(String name) throws IOException {
    try (Stream<Path> all = Files.walk(folder.resolve(name)).filter(Files::isRegularFile)) {
      return all.sorted().toList();
    }
  }
}

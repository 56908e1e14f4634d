package vae.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vae.files.ModelException;
import vae.files.WriteException;
import vae.testing.SmallModel;
import vae.testing.Variables;

class CheckpointStoreTest {
  @TempDir private Path folder;
  private final List<ModelException> damaged = new ArrayList<>();

  @Test
  void keepsTheLastFiveAndNamesThem() throws IOException {
    save(1, 2, 3, 4, 5, 6, 7);
    assertThat(Files.readString(folder.resolve("checkpoint")))
        .isEqualTo(
            """
            model_checkpoint_path: "model.ckpt-7"
            all_model_checkpoint_paths: "model.ckpt-3"
            all_model_checkpoint_paths: "model.ckpt-4"
            all_model_checkpoint_paths: "model.ckpt-5"
            all_model_checkpoint_paths: "model.ckpt-6"
            all_model_checkpoint_paths: "model.ckpt-7"
            """);
    assertThat(names())
        .containsExactlyInAnyOrderElementsOf(
            IntStream.rangeClosed(3, 7)
                .boxed()
                .flatMap(
                    step ->
                        List.of("json", "meta", "index", "data-00000-of-00001").stream()
                            .map(end -> "model.ckpt-%d.%s".formatted(step, end)))
                .collect(() -> new ArrayList<>(List.of("checkpoint")), List::add, List::addAll));
  }

  @Test
  void givesBackTheVariablesAndWhatIsKnownOfTheTraining() throws IOException {
    save(40);
    CheckpointStore.Saved saved = newest();
    assertThat(saved.prefix()).isEqualTo(folder.resolve("model.ckpt-40"));
    assertThat(saved.training()).isEqualTo(SmallModel.record(40));
    try (SmallModel expected = new SmallModel(40);
        SmallModel other = new SmallModel(1)) {
      saved.restore(other.vae(), other.session());
      assertThat(Variables.values(other.session(), expected.values().keySet()))
          .usingRecursiveComparison()
          .isEqualTo(expected.values());
    }
    assertThat(damaged).isEmpty();
  }

  @Test
  void aDamagedOneIsToldAndTheOneBeforeIsTaken() throws IOException {
    save(1, 2, 3);
    Path data = folder.resolve("model.ckpt-3.data-00000-of-00001");
    byte[] bytes = Files.readAllBytes(data);
    bytes[bytes.length / 2] ^= 4;
    Files.write(data, bytes);
    Files.delete(folder.resolve("model.ckpt-2.index"));
    assertThat(newest().training().step()).isEqualTo(1);
    assertThat(damaged)
        .extracting(Throwable::getMessage)
        .satisfiesExactly(
            third -> assertThat(third).startsWith(data + ": damaged: expected SHA-256 "),
            second ->
                assertThat(second)
                    .startsWith(folder.resolve("model.ckpt-2.index") + ": expected "));
    // Going on from 1, the two are gone with the next save.
    save(2);
    assertThat(names()).noneMatch(name -> name.contains("-3."));
    assertThat(Files.readString(folder.resolve("checkpoint"))).doesNotContain("-3");
  }

  @Test
  void filesThatItDidNotWriteStay() throws IOException {
    Path others = Files.writeString(folder.resolve("model.ckpt-1.index"), "somebody's");
    save(2, 3, 4, 5, 6, 7, 8);
    assertThat(others).hasContent("somebody's");
  }

  @Test
  void noFolderHoldsNone() throws IOException {
    try (CheckpointStore store = CheckpointStore.open(folder.resolve("none"))) {
      assertThat(store.newest(damaged::add)).isEmpty();
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aFileInTheFoldersPlaceIsOneError() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    try (SmallModel model = new SmallModel(1);
        CheckpointStore store = CheckpointStore.open(file)) {
      assertThatThrownBy(() -> store.save(model.inSession(), SmallModel.record(1)))
          .isInstanceOf(WriteException.class)
          .hasMessageContaining("model.ckpt-1: can't write (");
    }
  }

  @Test
  void anEarlierTrainingsAreSetAside() throws IOException {
    Path checkpoints = folder.resolve("checkpoints");
    Path taken = Files.createDirectory(folder.resolve("checkpoints-1"));
    try (SmallModel model = new SmallModel(1);
        CheckpointStore store = CheckpointStore.open(checkpoints)) {
      assertThat(store.setAside()).isEmpty();
      store.save(model.inSession(), SmallModel.record(1));
      assertThat(store.setAside()).contains(folder.resolve("checkpoints-2"));
      assertThat(checkpoints).doesNotExist();
      store.save(model.inSession(), SmallModel.record(2));
    }
    assertThat(taken).isEmptyDirectory();
    assertThat(folder.resolve("checkpoints-2/model.ckpt-1.index")).exists();
    assertThat(checkpoints.resolve("model.ckpt-2.index")).exists();
  }

  @Test
  void aFolderIsOneTrainingsAtATime() throws IOException {
    try (CheckpointStore first = store()) {
      assertThat(first.newest(damaged::add)).isEmpty();
      assertThatThrownBy(this::store)
          .isInstanceOf(WriteException.class)
          .hasMessage(folder + ": can't write (another training writes there)");
    }
    store().close();
  }

  /** The seed of a step's values is the step. */
  private void save(int... steps) throws IOException {
    for (int step : steps) {
      try (SmallModel model = new SmallModel(step);
          CheckpointStore store = store()) {
        store.save(model.inSession(), SmallModel.record(step));
      }
    }
  }

  private CheckpointStore.Saved newest() throws IOException {
    try (CheckpointStore store = store()) {
      return store.newest(damaged::add).orElseThrow();
    }
  }

  private CheckpointStore store() throws WriteException {
    return CheckpointStore.open(folder);
  }

  private List<String> names() throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}

package vae.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import vae.files.ModelException;

/** Folders as {@code tf.train.latest_checkpoint} takes them, and as people move them. */
class Tf1FolderTest {
  @TempDir private Path folder;

  private void files(String... names) throws IOException {
    for (String name : names) {
      Files.write(folder.resolve(name), new byte[] {1});
    }
  }

  private void state(String newest) throws IOException {
    Files.write(
        folder.resolve("checkpoint"),
        "model_checkpoint_path: \"%s\"\nall_model_checkpoint_paths: \"x\"\n"
            .formatted(newest)
            .getBytes(StandardCharsets.UTF_8));
  }

  private Path found() throws ModelException {
    return Tf1Checkpoint.find(folder).prefix();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model-200",
        "./model-200",
        "/home/another/machine/model-200",
        "checkpoints/model-200",
        "C:\\\\training\\\\model-200"
      })
  void theStateNamesTheNewest(String path) throws IOException {
    files("model-100.meta", "model-100.index", "model-200.meta", "model-200.index");
    state(path);
    assertThat(found().getFileName()).hasToString("model-200");
  }

  @Test
  void anAbsolutePathOfThisMachineIsTaken() throws IOException {
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    Files.write(elsewhere.resolve("model.meta"), new byte[] {1});
    state(elsewhere.resolve("model").toString());
    assertThat(found()).isEqualTo(elsewhere.resolve("model"));
  }

  @Test
  void namesAreEscapedAsProtosAre() throws IOException {
    files("a\"b.meta", "é.meta");
    state("a\\\"b");
    assertThat(found()).isEqualTo(folder.resolve("a\"b"));
    state("\\303\\251");
    assertThat(found()).isEqualTo(folder.resolve("é"));
    state("é");
    assertThat(found()).isEqualTo(folder.resolve("é"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gone-7", "", "a\0b", "\\q", "/"})
  void whatIsNotHereLeavesTheOneMetaGraph(String path) throws IOException {
    files("model.meta", "model.index");
    state(path);
    assertThat(found()).isEqualTo(folder.resolve("model"));
  }

  @Test
  void theOneMetaGraphIsTaken() throws IOException {
    files("generator.ckpt.meta", "generator.ckpt.index", "events.out");
    assertThat(found()).isEqualTo(folder.resolve("generator.ckpt"));
  }

  @Test
  void aCheckpointMayBeCalledCheckpoint() throws IOException {
    files("checkpoint", "checkpoint.meta", "checkpoint.index");
    assertThat(found()).isEqualTo(folder.resolve("checkpoint"));
  }

  @Test
  void aCheckpointWithoutMetaGraphIsTakenByItsName() throws IOException {
    files("generator.ckpt.index", "generator.ckpt.data-00000-of-00001");
    state("generator.ckpt");
    assertThat(found()).isEqualTo(folder.resolve("generator.ckpt"));
  }

  @Test
  void theFileThatNamesTheNewestStandsForItsFolder() throws IOException {
    files("model-1.meta", "model-2.meta");
    Path state =
        Files.writeString(folder.resolve("checkpoint"), "model_checkpoint_path: \"model-2\"");
    assertThat(Tf1Checkpoint.find(state).prefix()).isEqualTo(folder.resolve("model-2"));
  }

  @Test
  void severalAreListed() throws IOException {
    for (int i = 10; i < 35; i++) {
      files("model-" + i + ".meta");
    }
    assertThatThrownBy(this::found)
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("expected one TF1 model, or a file checkpoint that names one, found")
        .hasMessageContaining("model-10.meta, model-11.meta")
        .hasMessageEndingWith("model-29.meta and 5 more");
  }

  @Test
  void thereIsNone() throws IOException {
    files("saved_model.pb");
    assertThatThrownBy(this::found)
        .hasMessageContaining("expected a TF1 model, found neither")
        .hasMessageEndingWith("this is a SavedModel: --saved-model takes it");
  }

  @Test
  void aFolderOfTheCheckpointsNameCountsForNothing() throws IOException {
    Path beside = Files.createDirectory(folder.resolve("model"));
    files("model.meta");
    assertThat(Tf1Checkpoint.find(beside).prefix()).isEqualTo(beside);
  }
}

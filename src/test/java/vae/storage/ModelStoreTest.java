package vae.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vae.files.ModelException;
import vae.files.WriteException;

/** Publishing by rename, with files that only look like models. */
class ModelStoreTest {
  @TempDir private Path folder;

  @Test
  void numbersGoUpByOneFromTheHighestWhateverElseIsThere() throws IOException {
    Path base = folder.resolve("models");
    ModelStore store = new ModelStore(base);
    assertThat(store.publish(ModelStoreTest::writeModel)).isEqualTo(base.resolve("1"));
    Files.createDirectory(base.resolve("9"));
    Files.createDirectory(base.resolve("010"));
    Files.createDirectory(base.resolve("checkpoints"));
    Files.writeString(base.resolve("77"), "a file, not a folder: passed over, and left alone");
    assertThat(store.publish(ModelStoreTest::writeModel)).isEqualTo(base.resolve("78"));
    assertThat(store.newest()).isEqualTo(base.resolve("78"));
  }

  @Test
  void aModelsOwnFolderIsTakenAsItIs() throws IOException {
    Path published = new ModelStore(folder).publish(ModelStoreTest::writeModel);
    assertThat(new ModelStore(published).newest()).isEqualTo(published);
    assertThatThrownBy(() -> new ModelStore(published).requireWritable(1))
        .isInstanceOf(ModelException.class);
  }

  @Test
  void aWriterThatFailsLeavesNothingBehind() throws IOException {
    ModelStore store = new ModelStore(folder);
    store.publish(ModelStoreTest::writeModel);
    assertThatThrownBy(
            () ->
                store.publish(
                    staged -> {
                      writeModel(staged);
                      throw new IOException("No space left on device");
                    }))
        .isInstanceOf(WriteException.class)
        .hasMessage(folder + ": can't write (No space left on device)");
    assertThat(names(folder)).containsExactly("1");
  }

  @Test
  void everyOneOfManyThatPublishAtOnceGetsANumberOfItsOwn() throws Exception {
    List<Future<Path>> published = new ArrayList<>();
    var threads = Executors.newFixedThreadPool(8);
    try {
      Callable<Path> publish = () -> new ModelStore(folder).publish(ModelStoreTest::writeModel);
      for (int i = 0; i < 40; i++) {
        published.add(threads.submit(publish));
      }
      List<Path> paths = new ArrayList<>();
      for (Future<Path> one : published) {
        paths.add(one.get());
      }
      assertThat(paths).doesNotHaveDuplicates().hasSize(40);
    } finally {
      threads.shutdown();
    }
    assertThat(names(folder)).hasSize(40).allMatch(name -> name.matches("\\d+"));
  }

  @Test
  void saysWhenNoNumberIsLeft() throws IOException {
    Files.createDirectory(folder.resolve("9".repeat(18)));
    assertThatThrownBy(() -> new ModelStore(folder).publish(ModelStoreTest::writeModel))
        .isInstanceOf(WriteException.class)
        .hasMessageContaining("no number is left");
  }

  @Test
  void saysBeforehandWhenThereIsNoRoom() {
    Path base = folder.resolve("models");
    assertThatThrownBy(() -> new ModelStore(base).requireWritable(Long.MAX_VALUE))
        .isInstanceOf(WriteException.class)
        .hasMessageContaining("expected room for 9,223,372,036,854,775,807 bytes on the disk");
    assertThat(base).doesNotExist();
  }

  @Test
  void saysWhatIsMissing() {
    assertThatThrownBy(() -> new ModelStore(folder.resolve("nowhere")).newest())
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("expected a folder with a model, found none");
    assertThatThrownBy(() -> new ModelStore(folder).newest())
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("found neither");
  }

  @Test
  void saysWhenTheFolderCanNotBeMade() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "in the way");
    assertThatThrownBy(() -> new ModelStore(file).requireWritable(1))
        .isInstanceOf(WriteException.class)
        .hasMessageStartingWith(file + ": can't write");
  }

  private static void writeModel(Path staged) throws IOException {
    Files.writeString(staged.resolve("saved_model.pb"), "graph");
    Files.writeString(Files.createDirectory(staged.resolve("variables")).resolve("v"), "values");
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> children = Files.list(folder)) {
      return children.map(child -> child.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aFolderOfSomethingElseIsCalledWhatItIs() throws IOException {
    writeModel(Files.createDirectory(folder.resolve("1")));
    assertThatThrownBy(() -> new ModelStore(folder.resolve("1/variables")).newest())
        .hasMessageEndingWith("found neither; " + folder.resolve("1") + " is a model");
    Path tf1 = Files.createDirectory(folder.resolve("tf1"));
    Files.createFile(tf1.resolve("model.ckpt.meta"));
    Files.createFile(tf1.resolve("model.ckpt.index"));
    assertThatThrownBy(() -> new ModelStore(tf1).newest())
        .hasMessageEndingWith("found a TF1 checkpoint: import-meta brings it over");
    assertThatThrownBy(() -> new ModelStore(tf1.resolve("model.ckpt")).newest())
        .hasMessageContaining("found a TensorFlow checkpoint of this name: import-meta takes it");
  }

  @Test
  void aFileInPlaceOfAFolderIsCalledWhatItIs() throws IOException {
    Path file = folder.resolve("model.h5");
    Files.write(file, new byte[] {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'});
    assertThatThrownBy(() -> new ModelStore(file).newest())
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith(
            file + ": expected a folder with a model, found an HDF5 file, as Keras writes .h5: ");
    Files.write(file, new byte[] {1, 2, 3});
    assertThatThrownBy(() -> new ModelStore(file).newest())
        .hasMessageContaining(
            "found a file of another kind; import-meta brings TF1 models and frozen graphs over");
  }
}

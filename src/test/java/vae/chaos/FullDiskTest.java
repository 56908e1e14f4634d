package vae.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import vae.Main;
import vae.checkpoint.Tf1Export;
import vae.config.NetworkShape;
import vae.files.WriteException;
import vae.testing.ChildJvm;
import vae.testing.FolderContents;
import vae.testing.Output;
import vae.testing.SmallModel;
import vae.training.CheckpointStore;

/** The disk is full at every block of what is written, or something stands where it should go. */
@ChaosRow(
    order = 2,
    test = "disk full and I/O errors at each write",
    holds = "previous model intact, one-line error")
@DisabledOnOs(OS.WINDOWS)
class FullDiskTest {
  private static final NetworkShape SHAPE = new NetworkShape(100, 40, 2);
  private static final int BLOCK = 4 << 10;

  /** So many blocks more are free each time. */
  private static final int STEP = Dose.of(1, 8);

  @TempDir private Path folder;

  /** Saves a model somewhere. */
  private interface Save {
    void to(Path folder) throws IOException;
  }

  @Test
  void noBlockOfADiskThatIsFull() throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    if (!mount(disk)) {
      ChaosTable.note("no tmpfs may be mounted here: file sizes were limited instead");
      noFileBeyondASize();
      return;
    }
    int refused = 0;
    int tried = 0;
    try (SmallModel before = new SmallModel(SHAPE, 1);
        SmallModel after = new SmallModel(SHAPE, 2)) {
      List<Save> first =
          List.of(
              at -> before.publish(at),
              at -> checkpoint(before, at, 1),
              at -> Tf1Export.write(before.inSession(), at.resolve("model")));
      List<Save> second =
          List.of(
              at -> after.publish(at),
              at -> checkpoint(after, at, 2),
              at -> Tf1Export.write(after.inSession(), at.resolve("other")));
      for (int i = 0; i < first.size(); i++) {
        for (int blocks = 0; ; blocks += STEP) {
          Path at = Files.createDirectory(disk.resolve(i + "-" + blocks));
          first.get(i).to(at);
          var kept = FolderContents.of(at);
          Path filler = fill(disk, blocks);
          tried++;
          boolean full = isRefused(second.get(i), at);
          Files.delete(filler);
          if (full) {
            refused++;
            var left = FolderContents.of(at);
            // The state file alone may name the new one: its files come before it.
            assertThat(left.names()).containsAll(kept.names());
            kept.requireIn(left, "checkpoint");
            assertThat(left.names()).noneMatch(name -> name.contains(".staging-"));
            second.get(i).to(at); // And with room again it goes on.
          }
          FileUtils.deleteDirectory(at.toFile());
          if (!full) {
            break;
          }
        }
      }
    } finally {
      new ProcessBuilder("umount", disk.toString()).start().waitFor();
    }
    assertThat(refused).isGreaterThan(10);
    ChaosTable.note("%d amounts of room, %d too little".formatted(tried, refused));
  }

  /** In one line, and with its exit code. */
  @ParameterizedTest
  @ValueSource(strings = {"models", "checkpoint", "prefix", "picture", "table"})
  void somethingStandsInTheWay(String what) throws Exception {
    Path models = folder.resolve("models");
    try (SmallModel model = new SmallModel(1)) {
      model.publish(models);
    }
    var kept = FolderContents.of(models);
    Path inTheWay = folder.resolve("file");
    Files.writeString(inTheWay, "in the way");
    Path aFolder = Files.createDirectories(folder.resolve("tf1/checkpoint"));
    String from = models.toString();
    List<String> command =
        switch (what) {
          case "models" -> List.of("train", "--steps", "1", "--saved-model", inTheWay.toString());
          case "checkpoint" ->
              List.of(
                  "export-meta", aFolder.resolveSibling("model").toString(), "--saved-model", from);
          case "prefix" ->
              List.of("export-meta", inTheWay.resolve("model").toString(), "--saved-model", from);
          case "picture" ->
              List.of("generate", "--z", "1,1", "--out", folder.toString(), "--saved-model", from);
          default ->
              List.of("generate", "--z", "1,1", "--csv", folder.toString(), "--saved-model", from);
        };
    Output output = Output.of(command.toArray(String[]::new));
    assertThat(output.exitCode()).as(output.err()).isEqualTo(5);
    assertThat(output.err().lines().filter(line -> line.startsWith("error: "))).hasSize(1);
    assertThat(output.err()).contains(": can't write (").doesNotContain("\tat ");
    assertThat(FolderContents.of(models)).isEqualTo(kept);
    assertThat(inTheWay).hasContent("in the way");
  }

  private void noFileBeyondASize() throws Exception {
    Path models = folder.resolve("models");
    try (SmallModel model = new SmallModel(1)) {
      model.publish(models);
    }
    var kept = FolderContents.of(models.resolve("1"));
    Path log = folder.resolve("log");
    for (int kibibytes : new int[] {1, 8, 32, 70, 150, 300}) {
      Process training =
          ChildJvm.startLimited(
              kibibytes,
              log,
              Main.class,
              "train",
              "--steps",
              "2",
              "--hidden",
              "16",
              "--saved-model",
              models.toString());
      assertThat(training.waitFor(60, TimeUnit.SECONDS)).isTrue();
      if (training.exitValue() != 0) {
        assertThat(training.exitValue()).as(Files.readString(log)).isEqualTo(5);
      }
      assertThat(FolderContents.of(models.resolve("1"))).isEqualTo(kept);
    }
  }

  private static void checkpoint(SmallModel model, Path at, int step) throws IOException {
    try (CheckpointStore store = CheckpointStore.open(at.resolve("checkpoints"))) {
      store.save(model.inSession(), SmallModel.record(step));
    }
  }

  private static boolean isRefused(Save save, Path at) throws IOException {
    try {
      save.to(at);
      return false;
    } catch (WriteException e) {
      assertThat(e.getMessage()).contains(": can't write (").containsIgnoringCase("no space left");
      return true;
    } catch (IOException e) {
      // The folder of checkpoints can't be closed, nor its lock be made.
      assertThat(e.getMessage()).containsIgnoringCase("no space left");
      return true;
    }
  }

  /** Leaves so many blocks free. */
  private static Path fill(Path disk, int blocks) throws IOException {
    Path filler = disk.resolve("filler");
    long free = Files.getFileStore(disk).getUsableSpace() - (long) blocks * BLOCK;
    try (var out = Files.newOutputStream(filler)) {
      byte[] block = new byte[BLOCK];
      for (long written = 0; written + BLOCK <= free; written += BLOCK) {
        out.write(block);
      }
    }
    return filler;
  }

  private static boolean mount(Path disk) throws Exception {
    try {
      Process mount =
          new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", disk.toString())
              .start();
      return mount.waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}

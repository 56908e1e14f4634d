package vae.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vae.testing.ChildJvm;

class StagingTest {
  @TempDir private Path parent;
  @TempDir private Path elsewhere;

  /** Stages a folder with a file in it, and then waits to be killed. */
  static final class StageAndWait {
    private StageAndWait() {}

    /** The parent, then the file that says that it is done. */
    public static void main(String[] args) throws Exception {
      try (Staging staging = Staging.in(Path.of(args[0]))) {
        Files.writeString(staging.folder().resolve("half"), "written");
        Files.createFile(Path.of(args[1]));
        TimeUnit.HOURS.sleep(1);
      }
    }
  }

  @Test
  void closingLeavesNothing() throws IOException {
    try (Staging staging = Staging.in(parent)) {
      Files.writeString(staging.folder().resolve("file"), "text");
    }
    assertThat(parent).isEmptyDirectory();
  }

  @Test
  void whatWasRenamedStays() throws IOException {
    Path renamed = parent.resolve("1");
    try (Staging staging = Staging.in(parent)) {
      Files.move(staging.folder(), renamed);
    }
    assertThat(children()).containsExactly(renamed);
  }

  @Test
  void sweepingSparesWhatThisProgramIsWriting() throws IOException {
    try (Staging staging = Staging.in(parent)) {
      Staging.sweep(parent);
      Staging.sweep(parent);
      assertThat(staging.folder()).isDirectory();
    }
    assertThat(parent).isEmptyDirectory();
  }

  /** A killed program's, and an older version's, which knew no locks. */
  @Test
  void sweepingTakesStraysAndSparesWhatOthersAreWriting() throws Exception {
    Path stray = Files.createDirectory(parent.resolve(".staging-" + UUID.randomUUID()));
    Files.writeString(stray.resolve("half"), "written");
    Path strayFile = Files.createFile(parent.resolve(".staging-" + UUID.randomUUID()));
    Path other = Files.createDirectory(parent.resolve(".staging-of-somebody-elses"));
    Path log = elsewhere.resolve("log");
    Path ready = elsewhere.resolve("ready");
    Process child = ChildJvm.start(log, StageAndWait.class, parent.toString(), ready.toString());
    try {
      while (!Files.exists(ready)) {
        assertThat(child.isAlive()).as(() -> "child died, see " + log).isTrue();
        TimeUnit.MILLISECONDS.sleep(5);
      }
      Staging.sweep(parent);
      assertThat(stray).doesNotExist();
      assertThat(strayFile).doesNotExist();
      assertThat(children()).hasSize(3).contains(other); // The child's folder and its lock.
    } finally {
      child.destroyForcibly().waitFor();
    }
    assertThat(children()).hasSize(3);
    Staging.sweep(parent);
    assertThat(children()).containsExactly(other);
  }

  private List<Path> children() throws IOException {
    try (Stream<Path> list = Files.list(parent)) {
      return list.toList();
    }
  }
}

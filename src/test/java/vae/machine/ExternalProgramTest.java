package vae.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Programs that hang, fail, flood or are none. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the programs are shell scripts")
@Timeout(60)
class ExternalProgramTest {
  private static final Duration LONG = Duration.ofSeconds(50);
  private static final Duration SHORT = Duration.ofSeconds(1);

  @TempDir private Path folder;

  @Test
  void tellsWhatBothOutputsSaid() throws IOException {
    ExternalProgram program = script("echo \"out $1\"; echo err >&2");
    assertThat(program.run(LONG, "a b").lines()).containsExactly("out a b", "err");
  }

  @Test
  void givesNoInput() throws IOException {
    assertThat(script("cat; echo end").run(LONG)).isEqualTo("end\n");
  }

  @Test
  void killsWhatTakesTooLongWithAllThatItStarted() throws Exception {
    Path child = folder.resolve("child");
    ExternalProgram program = script("sleep 3000 & echo $! > '" + child + "'; wait");
    assertThatThrownBy(() -> program.run(SHORT))
        .isInstanceOf(IOException.class)
        .hasMessage(program.file() + " gave no answer in 1 s");
    long pid = Long.parseLong(Files.readString(child).strip());
    while (ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent()) {
      Thread.sleep(10);
    }
  }

  @Test
  void endsWithTheProgramThoughAChildHoldsItsOutput() throws IOException {
    Path child = folder.resolve("child");
    ExternalProgram program = script("sleep 50 & echo $! > '" + child + "'; echo done");
    assertThat(program.run(LONG)).isEqualTo("done\n");
    ProcessHandle.of(Long.parseLong(Files.readString(child).strip()))
        .ifPresent(ProcessHandle::destroyForcibly);
  }

  @Test
  void keepsTheBeginningOfAFlood() throws IOException {
    assertThat(script("head -c 1000000 /dev/zero | tr '\\0' x").run(LONG)).hasSize(1 << 16);
    ExternalProgram endless = script("exec yes");
    assertThatThrownBy(() -> endless.run(SHORT)).hasMessageEndingWith("gave no answer in 1 s");
  }

  @Test
  void tellsAFailureByItsFirstLine() throws IOException {
    ExternalProgram program = script("echo; echo no driver; exit 9");
    assertThatThrownBy(() -> program.run(LONG))
        .isInstanceOf(IOException.class)
        .hasMessage(program.file() + " failed with exit code 9: no driver");
    ExternalProgram silent = script("exit 1");
    assertThatThrownBy(() -> silent.run(LONG)).hasMessageEndingWith("exit code 1: no word");
  }

  @Test
  void tellsThatAProgramCanNotBeStarted() throws IOException {
    Path file = executable("lost", "#!/no/such/interpreter\n");
    assertThatThrownBy(() -> new ExternalProgram(file).run(LONG))
        .isInstanceOf(IOException.class)
        .hasMessage(file + " can't be started");
  }

  @Test
  void findsAProgramInABrokenPath() throws IOException {
    Path tool = executable("tool", "#!/bin/sh\n");
    Files.createDirectory(folder.resolve("directory"));
    Files.createDirectory(folder.resolve("directory/tool"));
    String path =
        String.join(
            File.pathSeparator,
            List.of("", ".", "/no/such/folder", "bad\0name", tool.toString(), "")
                .toArray(String[]::new));
    assertThat(ExternalProgram.find("tool", path)).isEmpty();
    path += File.pathSeparator + folder.resolve("directory") + File.pathSeparator + folder;
    assertThat(ExternalProgram.find("tool", path)).contains(new ExternalProgram(tool));
  }

  @Test
  void runsNothingOfTheFolderItIsStartedIn() {
    assertThat(ExternalProgram.find("mvnw", "")).isEmpty();
    assertThat(ExternalProgram.find("vae", "scripts")).isEmpty();
  }

  private ExternalProgram script(String body) throws IOException {
    return new ExternalProgram(executable("script", "#!/bin/sh\n" + body + "\n"));
  }

  private Path executable(String name, String text) throws IOException {
    Path file = Files.writeString(folder.resolve(name), text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }
}

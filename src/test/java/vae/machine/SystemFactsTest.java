package vae.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Small files and answers of the system's. */
class SystemFactsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\" | Debian GNU/Linux 12 (bookworm)",
        "PRETTY_NAME=Fedora | Fedora",
        "PRETTY_NAME=\"Joe\\\"s \\$ Linux\" | Joe\"s $ Linux",
      })
  void readsTheDistribution(String line, String name) {
    assertThat(OperatingSystem.distribution("ID=x\n" + line + "\nNAME=\"other\"\n")).contains(name);
  }

  @Test
  void findsNoDistributionInOtherText() {
    assertThat(OperatingSystem.distribution("NAME=x\n")).isEmpty();
  }

  @Test
  void readsTheMemory() {
    assertThat(
            Memory.parse(
                """
                MemTotal:       24682416 kB
                MemFree:        23355436 kB
                MemAvailable:   23109296 kB
                Buffers:           41232 kB
                HugePages_Total:       0
                """))
        .contains(new Memory(24682416L << 10, 23109296L << 10));
    assertThat(Memory.parse("MemTotal:       24682416 kB\n")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"150000 100000, 1.5", "50000 100000, 0.5", "'200000\n 100000\n', 2"})
  void readsAContainersLimit(String quotaAndPeriod, double processors) {
    assertThat(CgroupLimits.processors(quotaAndPeriod)).hasValue(processors);
  }

  @ParameterizedTest
  @ValueSource(strings = {"max 100000\n", "-1 100000", "", "1", "a b", "1 2 3", "1 0"})
  void knowsWhenThereIsNoLimit(String quotaAndPeriod) {
    assertThat(CgroupLimits.processors(quotaAndPeriod)).isEmpty();
  }

  @Test
  void readsMavensVersionWithATerminalsEscapes() throws IOException {
    assertThat(Maven.version("WARNING: x\n\u001b[1mApache Maven 3.8.7\u001b[m\nMaven home: /usr\n"))
        .isEqualTo("3.8.7");
    assertThat(Maven.version("Apache Maven 4.0.0-rc-3 (abc)")).isEqualTo("4.0.0-rc-3");
    assertThatThrownBy(() -> Maven.version("command not found")).isInstanceOf(IOException.class);
  }

  @Test
  void tellsWhatAFolderTakes(@TempDir Path folder) throws IOException {
    Folder there = Folder.of(folder);
    assertThat(there.writable()).isTrue();
    assertThat(there.takes(1)).isTrue();
    assertThat(there.takes(Long.MAX_VALUE)).isFalse();
    Folder missing = Folder.of(folder.resolve("a/b"));
    assertThat(missing.writable()).isFalse();
    assertThat(missing.freeBytes()).isEmpty();
    assertThat(folder).isEmptyDirectory();
    Path file = Files.createFile(folder.resolve("file"));
    assertThat(Folder.of(file).writable()).isFalse();
    assertThat(Folder.of(file.resolve("below")).writable()).isFalse();
  }
}

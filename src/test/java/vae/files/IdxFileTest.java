package vae.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxFileTest {
  @TempDir private Path folder;

  @Test
  void readsFewLabels() throws IOException {
    Path file = folder.resolve("labels");
    IdxFile.write(file, new byte[] {3});
    assertThat(IdxFile.bytes(file)).containsExactly(3);
  }
}

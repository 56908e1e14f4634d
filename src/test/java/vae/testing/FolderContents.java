package vae.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * All files of a folder.
 *
 * @param files their bytes, as characters, by path
 */
public record FolderContents(Map<String, String> files) {

  /** As they are now. */
  public static FolderContents of(Path folder) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder).filter(Files::isRegularFile)) {
      for (Path file : all.toList()) {
        files.put(
            folder.relativize(file).toString(),
            new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
      }
    }
    return new FolderContents(files);
  }

  /** The files' paths. */
  public Set<String> names() {
    return files.keySet();
  }

  /** Makes sure that all these files are as they were, but those of a name. */
  public void requireIn(FolderContents other, String except) {
    files.forEach(
        (path, contents) -> {
          if (!Path.of(path).endsWith(except)) {
            assertThat(other.files.get(path)).as(path).isEqualTo(contents);
          }
        });
  }
}

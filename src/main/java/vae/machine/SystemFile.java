package vae.machine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A file in which the system tells about itself, such as those of {@code /proc}. */
final class SystemFile {
  private SystemFile() {}

  /** What is in it, or nothing if it is not there or can't be read. */
  static Optional<String> read(String file) {
    try {
      return Optional.of(new String(Files.readAllBytes(Path.of(file)), StandardCharsets.UTF_8));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}

package vae.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;
import vae.config.ClassNames;
import vae.mnist.DataException;

/** The option of the commands that take names of classes. */
final class ClassNamesOption {
  @Option(
      names = "--class-names",
      paramLabel = "FILE",
      description =
          "What the labels 0, 1, … are called: UTF-8, a name a line. They are saved with the model"
              + " (default: the numbers).")
  private Optional<Path> file;

  /**
   * The names that the file has.
   *
   * @return nothing if there is to be none
   * @throws DataException if it can't be read
   */
  Optional<ClassNames> given() throws DataException {
    if (file.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(ClassNames.ofLines(Files.readString(file.get(), StandardCharsets.UTF_8)));
    } catch (IllegalArgumentException e) {
      throw new DataException(file.get(), String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new DataException(file.get(), "expected class names, a line each (" + e + ")");
    }
  }

  /**
   * The names that a data set's labels have: those given, or else the numbers.
   *
   * @throws DataException if there are fewer than labels
   */
  static ClassNames of(Optional<ClassNames> given, byte[] labels, Path data) throws DataException {
    int most = 0;
    for (byte label : labels) {
      most = Math.max(most, label);
    }
    if (given.isPresent() && given.get().size() <= most) {
      throw new DataException(
          data,
          "expected labels below %d, as many as there are class names, found %d"
              .formatted(given.get().size(), most));
    }
    return given.orElse(ClassNames.numbered(most + 1));
  }
}

package vae.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;
import vae.config.ClassNames;
import vae.mnist.DataException;
import vae.mnist.DataFile;
import vae.mnist.Labels;

/** The option of the commands that take names of classes. */
final class ClassNamesOption {
  @Option(
      names = "--class-names",
      paramLabel = "FILE",
      description =
          "What the labels 0, 1, … are called: UTF-8, a name a line. They are saved with the model"
              + " (default: the image list's names, else the numbers).")
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
      return Optional.of(ClassNames.ofLines(DataFile.text(file.get())));
    } catch (IllegalArgumentException e) {
      throw new DataException(file.get(), String.valueOf(e.getMessage()));
    }
  }

  /**
   * Labels by the names given; without any, as they are.
   *
   * @param data where the labels are from
   * @throws DataException if one is not among the names, or there are no labels
   */
  static Labels under(Optional<ClassNames> given, Labels labels, Path data) throws DataException {
    if (given.isEmpty()) {
      return labels;
    }
    if (labels.classes().isEmpty()) {
      throw new DataException(
          data, "expected labels for the class names, found images without any");
    }
    try {
      return labels.under(given.get());
    } catch (IllegalArgumentException e) {
      throw new DataException(data, String.valueOf(e.getMessage()));
    }
  }
}

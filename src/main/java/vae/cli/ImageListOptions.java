package vae.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;
import vae.mnist.DataException;
import vae.mnist.ImageList;

/** The options of the commands that read an image list. */
final class ImageListOptions extends OptionGroup {
  @Option(
      names = "--image-list",
      paramLabel = "FILE",
      description =
          "A list of PNG or JPEG files, a line 'path label' each; unpack makes one. Labels are"
              + " numbers or names, or left out. To train, TensorFlow's queues read it as in the"
              + " tutorial, in grey; a model that takes colour is shown colour. See docs/inputs.md.")
  private Optional<Path> file;

  @Option(names = "--skip-bad", description = "Leave out the bad lines of the image list.")
  private boolean skipBad;

  /** The list's file, if there is to be one. */
  Optional<Path> file() {
    return file;
  }

  boolean skipBad() {
    return skipBad;
  }

  /** Refuses what does not go together. */
  void check() {
    if (skipBad && file.isEmpty()) {
      throw refused("--skip-bad: expected --image-list with it, found none");
    }
  }

  /**
   * Reads a list and checks its images; tells how many bad lines were left out.
   *
   * @throws DataException if the list or an image is not what it should be
   */
  static ImageList read(Path file, boolean skipBad) throws DataException {
    try (var line = new CountLine()) {
      ImageList list = ImageList.read(file, skipBad, line.begin("checking images")::done);
      if (list.skipped() > 0) {
        line.clear();
        System.err.printf("%s: left out %,d bad lines%n", file, list.skipped());
      }
      return list;
    }
  }
}

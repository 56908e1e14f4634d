package vae.cli;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Function;
import vae.files.AtomicFile;
import vae.picture.ImageBatch;
import vae.picture.Png;
import vae.tensor.ImageShape;
import vae.tensor.Values;

/** What a model made, written so that one can look at it. */
final class PictureFile {
  private PictureFile() {}

  /**
   * Writes a picture of images; of rows that are none their values, as CSV beside it.
   *
   * @param file the picture's
   * @return the file that was written
   * @throws IOException if it can't be written
   */
  static Path write(Path file, Values images, Function<ImageBatch, BufferedImage> picture)
      throws IOException {
    if (canShow(images)) {
      AtomicFile.write(file, Png.encode(picture.apply(ImageBatch.of(images))));
      return file;
    }
    Path table = withEnding(file, ".csv");
    AtomicFile.write(table, Csv.encode(images.matrix()));
    System.err.printf(
        "note: no picture, since rows of shape %s are no images ([h,w], [h,w,1], [h,w,3] or a"
            + " square number of values)%n",
        Values.text(images.rowShape()));
    return table;
  }

  /** Whether rows are images that a picture can show. */
  static boolean canShow(Values images) {
    return ImageShape.of(images.rowShape()).isPresent();
  }

  /** The name of a picture's file with another ending. */
  static Path withEnding(Path file, String ending) {
    return Path.of(file.toString().replaceFirst("(\\.png)?$", ending));
  }
}

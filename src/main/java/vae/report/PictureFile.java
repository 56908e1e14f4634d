package vae.report;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import vae.files.AtomicFile;
import vae.files.ModelException;
import vae.mnist.Images;
import vae.picture.ImageBatch;
import vae.picture.Png;
import vae.storage.LoadedModel;
import vae.tensor.ImageShape;
import vae.tensor.Values;

/** What a model made, written so that one can look at it. */
public final class PictureFile {
  private PictureFile() {}

  /**
   * Writes a picture of images; of rows that are none their values, as CSV beside it.
   *
   * @param file the picture's
   * @return the file that was written
   * @throws IOException if it can't be written
   */
  public static Path write(Path file, Values images, Function<ImageBatch, BufferedImage> picture)
      throws IOException {
    if (canShow(images)) {
      AtomicFile.write(file, Png.encode(picture.apply(ImageBatch.of(images))));
      return file;
    }
    Path table = withEnding(file, ".csv");
    AtomicFile.write(table, Csv.of(images.matrix()));
    System.err.printf(
        "note: no picture, since rows of shape %s are no images ([h,w], [h,w,1], [h,w,3] or a"
            + " square number of values)%n",
        Values.text(images.rowShape()));
    return table;
  }

  /** Whether rows are images that a picture can show. */
  public static boolean canShow(Values images) {
    return ImageShape.of(images.rowShape()).isPresent();
  }

  /** The name of a picture's file with another ending. */
  public static Path withEnding(Path file, String ending) {
    return Path.of(file.toString().replaceFirst("(\\.png)?$", ending));
  }

  /**
   * Images, and what a model makes of them, to be shown together: a block of the one, the block of
   * the other, and so on. Both are in [0, 1]; the last blocks are filled up with what is no image:
   * NaN.
   *
   * @param decoded as many, of as many values
   * @param block how many images
   * @throws ModelException if the model makes images of another size than it takes
   */
  public static Values beside(LoadedModel model, Images images, Values decoded, int block)
      throws ModelException {
    if (decoded.rowSize() != images.shape().size()) {
      throw new ModelException(
          model.source(),
          "expected that it makes images of shape %s, as it takes, found %s"
              .formatted(images.shape(), Values.text(decoded.rowShape())));
    }
    float[][] originals = images.rows(images.count());
    float[][] made = ImageBatch.unit(decoded).matrix();
    float[] nothing = new float[images.shape().size()];
    Arrays.fill(nothing, Float.NaN);
    List<float[]> rows = new ArrayList<>();
    for (int from = 0; from < originals.length; from += block) {
      for (float[][] part : List.of(originals, made)) {
        for (int i = from; i < from + block; i++) {
          rows.add(i < part.length ? part[i] : nothing);
        }
      }
    }
    return Values.of(rows.toArray(float[][]::new)).withRows(images.shape().tensor());
  }
}

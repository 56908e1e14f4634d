package vae.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import vae.files.ModelException;
import vae.mnist.DataException;
import vae.mnist.HandDrawn;
import vae.mnist.ImageFile;
import vae.mnist.Images;
import vae.mnist.Labels;
import vae.picture.ImageBatch;
import vae.storage.LoadedModel;
import vae.tensor.Values;

/** Images as a model takes them. */
final class ModelInputs {
  private ModelInputs() {}

  /**
   * Checks that it takes images.
   *
   * @param source where they are from
   * @throws DataException if it takes others
   * @throws ModelException if it takes none
   */
  static void require(LoadedModel model, Images images, Path source) throws IOException {
    int[] taken = model.vae().inputShape();
    if (!images.shape().fits(taken)) {
      throw new DataException(
          source,
          "expected images of shape %s, as %s takes, found %s"
              .formatted(Values.text(taken), model.source(), images.shape()));
    }
  }

  /**
   * Pictures of a user's: made as MNIST's are if the model takes those, else as they are.
   *
   * @param files PNG or JPEG, at least one
   * @throws DataException if one is no picture, or of another shape than the model takes
   * @throws ModelException if it takes none
   */
  static Images pictures(LoadedModel model, List<Path> files) throws IOException {
    int[] taken = model.vae().inputShape();
    Labels labels = Labels.none(files.size());
    if (!HandDrawn.SHAPE.fits(taken)) {
      return ImageFile.read(files, labels, taken);
    }
    byte[] pixels = new byte[files.size() * HandDrawn.SHAPE.size()];
    for (int i = 0; i < files.size(); i++) {
      byte[] digit = HandDrawn.read(files.get(i));
      System.arraycopy(digit, 0, pixels, i * digit.length, digit.length);
    }
    return new Images(HandDrawn.SHAPE, pixels, labels);
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
  static Values beside(LoadedModel model, Images images, Values decoded, int block)
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

package vae.storage;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import vae.files.IdxFile;
import vae.files.JsonFields;
import vae.files.ModelException;
import vae.files.SealedJson;

/**
 * What a model has encoded: the posteriors of labelled images, which travel with it in {@code
 * assets.extra/codes}, so that what a z means can be told without the images. Two files in IDX, the
 * format of MNIST's own, and one of JSON:
 *
 * <ul>
 *   <li>{@code codes-idx2-float32}: a row an image, z_mean, then z_std;
 *   <li>{@code labels-idx1-ubyte};
 *   <li>{@code codes.json}: of which images they are, and the bandwidth.
 * </ul>
 *
 * @param zMean the means, [count][latent]
 * @param zStd the logarithms of the variances, [count][latent]
 * @param labels a class from 0 on, one an image
 * @param imagesSha256 of the images that were encoded, as a raw IDX file, or of their list
 * @param bandwidth by how much each code is spread, a standard deviation, beyond its posterior
 */
@SuppressWarnings("ArrayRecordComponent") // Only read; never compared.
public record ImageCodes(
    float[][] zMean, float[][] zStd, byte[] labels, String imagesSha256, float bandwidth) {
  static final String FOLDER = "assets.extra/codes";
  private static final String CODES = "codes-idx2-float32";
  private static final String LABELS = "labels-idx1-ubyte";
  private static final String ABOUT = "codes.json";

  /** How many there are. */
  public int count() {
    return labels.length;
  }

  /** The dimensions of z. */
  public int latent() {
    return zMean[0].length;
  }

  void writeTo(Path model) throws IOException {
    Path folder = Files.createDirectories(model.resolve(FOLDER));
    float[][] rows = new float[2 * count()][];
    for (int i = 0; i < count(); i++) {
      rows[2 * i] = zMean[i];
      rows[2 * i + 1] = zStd[i];
    }
    IdxFile.write(folder.resolve(CODES), new int[] {count(), 2 * latent()}, rows);
    IdxFile.write(folder.resolve(LABELS), labels);
    Map<String, Object> about = new LinkedHashMap<>();
    about.put("images_sha256", imagesSha256);
    about.put("bandwidth", bandwidth);
    SealedJson.write(about, folder.resolve(ABOUT));
  }

  /**
   * Reads a model's.
   *
   * @return nothing if it has none
   * @throws ModelException if they are damaged
   */
  static Optional<ImageCodes> in(Path model) throws ModelException {
    Path folder = model.resolve(FOLDER);
    if (!Files.exists(folder.resolve(CODES))) {
      return Optional.empty();
    }
    IdxFile.Floats codes = IdxFile.floats(folder.resolve(CODES), 2);
    int count = codes.dims()[0];
    int columns = codes.dims()[1];
    if (count < 1 || columns < 2 || columns % 2 != 0) {
      throw new ModelException(
          folder.resolve(CODES),
          "expected codes of z_mean and z_std, found %,d rows of %,d columns"
              .formatted(count, columns));
    }
    float[][] mean = new float[count][columns / 2];
    float[][] std = new float[count][columns / 2];
    FloatBuffer floats = FloatBuffer.wrap(codes.values());
    for (int i = 0; i < count; i++) {
      floats.get(mean[i]).get(std[i]);
    }
    byte[] labels = IdxFile.bytes(folder.resolve(LABELS));
    if (labels.length != count) {
      throw new ModelException(
          folder,
          "expected a label for each of %,d codes, found %,d".formatted(count, labels.length));
    }
    for (byte label : labels) {
      if (label < 0) {
        throw new ModelException(
            folder.resolve(LABELS),
            "expected labels from 0 to 127, found " + Byte.toUnsignedInt(label));
      }
    }
    JsonFields about = SealedJson.read(folder.resolve(ABOUT));
    try {
      return Optional.of(
          new ImageCodes(mean, std, labels, about.text("images_sha256"), about.real("bandwidth")));
    } catch (IllegalArgumentException e) {
      throw new ModelException(
          folder.resolve(ABOUT), "expected a bandwidth, found " + e.getMessage(), e);
    }
  }
}

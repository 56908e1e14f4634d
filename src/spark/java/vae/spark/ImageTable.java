package vae.spark;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import vae.mnist.DataException;
import vae.tensor.ImageShape;
import vae.tensor.Values;

/**
 * Images to work on, whatever they came from.
 *
 * @param rows {@code id}, {@code path}, {@code label}, {@code image}, in this order; path is null
 *     where images are no files of their own
 * @param pixels what is in {@code image}
 * @param shapes of the images of files that tell it, by file
 */
public record ImageTable(Dataset<Row> rows, Pixels pixels, Map<String, ImageShape> shapes) {
  static final int ID = 0;
  static final int PATH = 1;
  static final int LABEL = 2;
  static final int IMAGE = 3;

  /** One whose rows alone tell what their images are. */
  ImageTable(Dataset<Row> rows, Pixels pixels) {
    this(rows, pixels, Map.of());
  }

  /**
   * Makes sure that all files' images fit a tensor.
   *
   * @throws DataException if one's don't
   */
  void requireShapes(int... taken) throws DataException {
    for (Map.Entry<String, ImageShape> file : shapes.entrySet()) {
      if (!file.getValue().fits(taken)) {
        throw new DataException(
            Path.of(file.getKey()),
            "expected images of shape %s, as the model takes, found %s"
                .formatted(Values.text(taken), file.getValue()));
      }
    }
  }

  /** The columns that results carry over: which image it is. */
  static StructType key() {
    return new StructType()
        .add("id", DataTypes.LongType, false)
        .add("path", DataTypes.StringType, true)
        .add("label", DataTypes.IntegerType, true);
  }

  /** The columns of rows whose image is bytes. */
  static StructType withBytes() {
    return key().add("image", DataTypes.BinaryType, true);
  }

  /** An array for a row: Spark takes none of primitives. */
  static Float[] floats(float[] values) {
    Float[] boxed = new Float[values.length];
    Arrays.setAll(boxed, i -> values[i]);
    return boxed;
  }
}

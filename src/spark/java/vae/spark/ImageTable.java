package vae.spark;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Images to work on, whatever they came from.
 *
 * @param rows {@code id}, {@code path}, {@code label}, {@code image}, in this order; path is null
 *     where images are no files of their own
 * @param pixels what is in {@code image}
 */
public record ImageTable(Dataset<Row> rows, Pixels pixels) {
  static final int ID = 0;
  static final int PATH = 1;
  static final int LABEL = 2;
  static final int IMAGE = 3;

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
}

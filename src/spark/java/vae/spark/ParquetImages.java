package vae.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import vae.mnist.DataException;

/** Parquet with the columns {@code id}, {@code image}, and, if it likes, {@code label}. */
public final class ParquetImages {
  private static final List<DataType> WHOLE =
      List.of(DataTypes.ByteType, DataTypes.ShortType, DataTypes.IntegerType, DataTypes.LongType);

  private ParquetImages() {}

  /**
   * Reads it.
   *
   * @throws DataException if a column is missing, or of another type
   */
  public static ImageTable read(SparkSession spark, List<String> paths) throws DataException {
    Dataset<Row> table =
        spark
            .read()
            .option("ignoreCorruptFiles", false)
            .option("ignoreMissingFiles", false)
            .parquet(paths.toArray(String[]::new));
    Path name = Path.of(paths.get(0));
    if (!WHOLE.contains(type(name, table, "id"))) {
      throw new DataException(
          name, "expected whole numbers as column id, found " + type(name, table, "id").sql());
    }
    DataType image = type(name, table, "image");
    boolean bytes = image.equals(DataTypes.BinaryType);
    boolean numbers =
        image instanceof ArrayType array
            && (array.elementType().equals(DataTypes.FloatType)
                || array.elementType().equals(DataTypes.DoubleType));
    if (!bytes && !numbers) {
      throw new DataException(
          name, "expected BINARY or an ARRAY of FLOAT as column image, found " + image.sql());
    }
    Column label =
        Arrays.asList(table.columns()).contains("label")
            ? col("label").cast(DataTypes.IntegerType)
            : lit(null).cast(DataTypes.IntegerType);
    return new ImageTable(
        table.select(
            col("id").cast(DataTypes.LongType),
            lit(null).cast(DataTypes.StringType).as("path"),
            label.as("label"),
            col("image")),
        bytes ? Pixels.BYTES : Pixels.NUMBERS);
  }

  private static DataType type(Path name, Dataset<Row> table, String column) throws DataException {
    List<String> columns = Arrays.asList(table.columns());
    if (!columns.contains(column)) {
      throw new DataException(name, "expected a column %s, found %s".formatted(column, columns));
    }
    return table.schema().apply(column).dataType();
  }
}

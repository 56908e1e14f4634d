package vae.spark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import vae.storage.WriteException;

/**
 * Results that are there whole or not at all: Spark writes them to a staged sibling, each task's
 * files once, and the folder gets its name by a rename. A sibling that was not published is deleted
 * when this is closed; what a killed driver leaves is called {@code …-staging-…}.
 */
final class ParquetOutput implements AutoCloseable {
  private final SparkSession spark;
  private final FileSystem files;
  private final org.apache.hadoop.fs.Path staged;
  private final org.apache.hadoop.fs.Path target;

  private ParquetOutput(SparkSession spark, String out) throws IOException {
    this.spark = spark;
    target = new org.apache.hadoop.fs.Path(out);
    files = target.getFileSystem(spark.sparkContext().hadoopConfiguration());
    staged = target.suffix("-staging-" + UUID.randomUUID());
  }

  /**
   * Makes sure that nothing would be overwritten.
   *
   * @throws WriteException if something is there
   */
  static void requireNone(SparkSession spark, String out) throws IOException {
    var output = new ParquetOutput(spark, out);
    if (output.files.exists(output.target)) {
      throw new WriteException(Path.of(out), new IOException("something is there already"));
    }
  }

  /** Computes rows and writes them to the staged sibling. */
  static ParquetOutput stage(Dataset<Row> rows, String out) throws IOException {
    var output = new ParquetOutput(rows.sparkSession(), out);
    boolean done = false;
    try {
      rows.write().parquet(output.staged.toString());
      done = true;
      return output;
    } finally {
      if (!done) {
        output.close();
      }
    }
  }

  /**
   * Gives the results their name.
   *
   * @return how many rows they are
   */
  long publish() throws IOException {
    long count = spark.read().parquet(staged.toString()).count();
    if (files.exists(target) || !files.rename(staged, target)) {
      throw new WriteException(
          Path.of(target.toString()), new IOException("something is there by now"));
    }
    return count;
  }

  @Override
  public void close() throws IOException {
    files.delete(staged, true);
  }
}

package vae.spark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.UUID;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.Options;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import vae.files.WriteException;

/**
 * Results that are there whole or not at all: Spark writes them to a staged sibling, each task's
 * files once, and the folder gets its name by a rename that never replaces. What was staged in vain
 * is deleted when this is closed, unless only the rename failed; what a killed driver leaves is
 * called {@code …-staging-…}.
 */
final class ParquetOutput implements AutoCloseable {
  private static final String GLOBS = "[]{}*?";
  private static final long MOST_NANOS = 10_000_000_000L;
  private static final long QUIET_NANOS = 1_000_000_000L;
  private static final long PAUSE_MILLIS = 20;

  private final SparkSession spark;
  private final FileContext files;
  private final org.apache.hadoop.fs.Path staged;
  private final org.apache.hadoop.fs.Path target;
  private boolean kept;

  private ParquetOutput(SparkSession spark, String out) throws IOException {
    this.spark = spark;
    target = new org.apache.hadoop.fs.Path(out);
    var settings = spark.sparkContext().hadoopConfiguration();
    files =
        FileContext.getFileContext(
            target.getFileSystem(settings).makeQualified(target).toUri(), settings);
    staged = target.suffix("-staging-" + UUID.randomUUID());
  }

  /**
   * Makes sure that nothing would be overwritten.
   *
   * @throws WriteException if something is there, or Spark would take the name for a pattern
   */
  static void requireNone(SparkSession spark, String out) throws IOException {
    if (out.chars().anyMatch(each -> GLOBS.indexOf(each) >= 0)) {
      throw new WriteException(
          Path.of(out), new IOException("a name without any of %s is expected".formatted(GLOBS)));
    }
    var output = new ParquetOutput(spark, out);
    if (output.files.util().exists(output.target)) {
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
        output.deleteForGood();
      }
    }
  }

  /**
   * Deletes what a failed job has staged. Tasks that still run would make the folder anew, and
   * Spark counts running tasks late: so it must stay away for a while. Other jobs' tasks can't be
   * told from this one's, hence the limit.
   */
  private void deleteForGood() throws IOException {
    long end = System.nanoTime() + MOST_NANOS;
    long quietSince = System.nanoTime();
    try {
      while (System.nanoTime() < end && System.nanoTime() - quietSince < QUIET_NANOS) {
        if (anyTaskRuns() || files.delete(staged, true)) {
          quietSince = System.nanoTime();
        }
        Thread.sleep(PAUSE_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    files.delete(staged, true);
  }

  private boolean anyTaskRuns() {
    return Arrays.stream(spark.sparkContext().statusTracker().getExecutorInfos())
        .anyMatch(executor -> executor.numRunningTasks() > 0);
  }

  /** How many rows are staged. */
  long count() {
    return spark.read().parquet(staged.toString()).count();
  }

  /** Gives the results their name. */
  void publish() throws IOException {
    kept = true;
    try {
      files.rename(staged, target, Options.Rename.NONE);
    } catch (IOException e) {
      throw new WriteException(
          Path.of(target.toString()),
          new IOException("the results are whole, but stay at %s: %s".formatted(staged, e), e));
    }
  }

  @Override
  public void close() throws IOException {
    if (!kept) {
      files.delete(staged, true);
    }
  }
}

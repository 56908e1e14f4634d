package vae.spark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.LongAccumulator;
import vae.functions.ModelSignature.NamedTensor;
import vae.mnist.DataException;
import vae.storage.LoadedModel;
import vae.storage.ModelStore;
import vae.storage.StoredModel;

/** Work on a table of images, from Parquet to Parquet. */
public final class ImageJob {
  /** Bad rows that are told of by name. */
  private static final int MOST_TOLD = 20;

  private static final double NANOS = 1e9;

  private ImageJob() {}

  /**
   * What came of it.
   *
   * @param rows that were written
   * @param rejected rows that were bad, and were written beside them with their reasons
   * @param seconds that it took to compute and write them, the executors' start among it
   * @param taskSeconds that all tasks took together, the loading of the model among it
   * @param batch that the model's graph is for, if it is for one size only; 0 else
   */
  public record Outcome(long rows, long rejected, double seconds, double taskSeconds, long batch) {
    static Outcome of(
        long rows, long rejected, long start, long end, LongAccumulator taskNanos, long batch) {
      return new Outcome(rows, rejected, (end - start) / NANOS, taskNanos.value() / NANOS, batch);
    }
  }

  /**
   * Does it. Results are at {@code out} when it ends, and not before. Bad rows go to {@link
   * #rejectedOf}, each with its reason.
   *
   * @param onEveryMachine whether each executor finds the model under the same path; else Spark
   *     carries it
   * @param strict to refuse tables with bad rows, before anything is computed
   * @throws DataException if the table has bad rows, and may have none, or all images of a file are
   *     of another shape than the model takes
   * @throws IOException if the model can't be read, or something is at {@code out}
   */
  public static Outcome run(
      SparkSession spark,
      ModelStore models,
      boolean onEveryMachine,
      ImageTable table,
      ImageWork work,
      String out,
      boolean strict)
      throws IOException {
    ParquetOutput.requireNone(spark, out);
    ParquetOutput.requireNone(spark, rejectedOf(out));
    StoredModel stored = ModelShipment.read(models);
    Pixels pixels = table.pixels();
    NamedTensor image = stored.encoded();
    int[] taken = image.rowShape().orElseThrow();
    long size = Math.max(0, image.rows().orElseThrow());
    table.requireShapes(taken);
    Dataset<Row> rejected = rejected(table, taken);
    if (strict) {
      requireNone(rejected, out);
    }
    ModelShipment model = ModelShipment.of(spark, stored, onEveryMachine);
    LongAccumulator bad = spark.sparkContext().longAccumulator("bad rows");
    LongAccumulator nanos = taskTime(spark);
    MapPartitionsFunction<Row, Row> computed =
        rows -> {
          measureTask(nanos);
          return FixedBatch.rows(
              RowImage.good(rows, pixels, taken, () -> bad.add(1)),
              batch -> rows(batch, model.model(), work));
        };
    StructType columns = ImageTable.key();
    for (var column : work.columns().fields()) {
      columns = columns.add(column);
    }
    long start = System.nanoTime();
    try (var results =
        ParquetOutput.stage(table.rows().mapPartitions(computed, Encoders.row(columns)), out)) {
      long end = System.nanoTime();
      long count = results.count();
      // The accumulator counts rows of a task once more when the task is done once more, but never
      // fewer: at 0 there is none. How many there are is counted as they are written.
      long badCount = 0;
      if (bad.value() > 0) {
        try (var reasons = ParquetOutput.stage(rejected, rejectedOf(out))) {
          badCount = reasons.count();
          reasons.publish();
        }
      }
      results.publish();
      return Outcome.of(count, badCount, start, end, nanos, size);
    }
  }

  /** Counts how long a job's tasks are at it, reading and writing among it, in nanoseconds. */
  static LongAccumulator taskTime(SparkSession spark) {
    return spark.sparkContext().longAccumulator("nanoseconds of tasks");
  }

  /** Counts the task that calls it, from now to its end. */
  static void measureTask(LongAccumulator nanos) {
    long start = System.nanoTime();
    TaskContext.get()
        .addTaskCompletionListener((TaskContext task) -> nanos.add(System.nanoTime() - start));
  }

  static List<Row> rows(List<RowImage> images, LoadedModel model, ImageWork work)
      throws IOException {
    long[] ids = new long[FixedBatch.ROWS];
    for (int i = 0; i < images.size(); i++) {
      ids[i] = images.get(i).row().getLong(ImageTable.ID);
    }
    float[][] batch = FixedBatch.of(images.stream().map(RowImage::pixels).toList());
    List<List<Object>> values = work.of(model, ids, batch, images.size());
    List<Row> rows = new ArrayList<>(images.size());
    for (int i = 0; i < images.size(); i++) {
      Row key = images.get(i).row();
      List<Object> row = new ArrayList<>();
      row.add(ids[i]);
      row.add(key.get(ImageTable.PATH));
      row.add(key.get(ImageTable.LABEL));
      row.addAll(values.get(i));
      rows.add(RowFactory.create(row.toArray()));
    }
    return rows;
  }

  /** Where the bad rows of a job are written. */
  public static String rejectedOf(String out) {
    return out.replaceFirst("/+$", "") + "-rejected";
  }

  private static Dataset<Row> rejected(ImageTable table, int... taken) {
    Pixels pixels = table.pixels();
    FlatMapFunction<Row, Row> reasons = row -> reason(row, pixels, taken);
    var columns =
        new StructType()
            .add("id", DataTypes.LongType, true)
            .add("path", DataTypes.StringType, true)
            .add("reason", DataTypes.StringType, false);
    return table.rows().flatMap(reasons, Encoders.row(columns));
  }

  private static Iterator<Row> reason(Row row, Pixels pixels, int... taken) {
    try {
      RowImage.of(row, pixels, taken);
      return Collections.emptyIterator();
    } catch (BadRowException e) {
      Row reason =
          RowFactory.create(row.get(ImageTable.ID), row.get(ImageTable.PATH), e.getMessage());
      return List.of(reason).iterator();
    }
  }

  private static void requireNone(Dataset<Row> rejected, String out) throws DataException {
    List<String> told = new ArrayList<>();
    for (Row row : rejected.takeAsList(MOST_TOLD)) {
      told.add((row.isNullAt(1) ? "id " + row.get(0) : row.getString(1)) + ": " + row.getString(2));
    }
    if (!told.isEmpty()) {
      throw new DataException(
          Path.of(out),
          "expected good rows alone, found bad ones; nothing is written (without --strict they are"
              + " left out)",
          told);
    }
  }
}

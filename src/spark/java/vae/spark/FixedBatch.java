package vae.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;

/**
 * The one size in which the executors run the model. TensorFlow's products add in an order that
 * depends on a batch's size, not on what else is in it: so a row comes to the same bytes in every
 * batch, wherever it stands, and whatever partition, retry or machine brought it there. What a
 * partition leaves over is filled up with zeros.
 */
final class FixedBatch {
  /** A whole number of vector registers for every layer, and one piece to the model. */
  static final int ROWS = 240;

  private FixedBatch() {}

  /** Makes rows of a batch. */
  @FunctionalInterface
  interface Work<T> {
    /** Computes them. */
    List<Row> of(List<T> batch) throws IOException;
  }

  /** A batch of rows, filled up. */
  static float[][] of(List<float[]> rows) {
    float[][] batch = new float[ROWS][];
    Arrays.fill(batch, new float[rows.get(0).length]);
    for (int i = 0; i < rows.size(); i++) {
      batch[i] = rows.get(i);
    }
    return batch;
  }

  /** The rows made of a partition, a batch at a time. */
  static <T> Iterator<Row> rows(Iterator<T> partition, Work<T> work) {
    return Stream.iterate(next(partition), batch -> !batch.isEmpty(), batch -> next(partition))
        .flatMap(
            batch -> {
              try {
                return work.of(batch).stream();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            })
        .iterator();
  }

  private static <T> List<T> next(Iterator<T> partition) {
    List<T> batch = new ArrayList<>(ROWS);
    while (batch.size() < ROWS && partition.hasNext()) {
      batch.add(partition.next());
    }
    return batch;
  }
}

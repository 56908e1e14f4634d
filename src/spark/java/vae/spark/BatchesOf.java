package vae.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.sql.Row;

/** Rows made of others, at most {@link FixedBatch#ROWS} at a time. */
final class BatchesOf<T> implements Iterator<Row> {
  private final Iterator<T> source;
  private final Work<T> work;
  private Iterator<Row> ready = Collections.emptyIterator();

  /** What is made of a batch. */
  @FunctionalInterface
  interface Work<T> {
    /** Computes its rows. */
    List<Row> of(List<T> batch) throws IOException;
  }

  BatchesOf(Iterator<T> source, Work<T> work) {
    this.source = source;
    this.work = work;
  }

  @Override
  public boolean hasNext() {
    while (!ready.hasNext() && source.hasNext()) {
      List<T> batch = new ArrayList<>(FixedBatch.ROWS);
      while (batch.size() < FixedBatch.ROWS && source.hasNext()) {
        batch.add(source.next());
      }
      try {
        ready = work.of(batch).iterator();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return ready.hasNext();
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return ready.next();
  }
}

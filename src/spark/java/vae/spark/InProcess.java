package vae.spark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import vae.mnist.Images;
import vae.storage.ModelStore;

/**
 * The jobs' work on one thread of this JVM, from rows in memory to rows in memory: what Spark is
 * measured against.
 *
 * @param models where the model is
 */
public record InProcess(ModelStore models) {
  private static final double NANOS = 1e9;

  /** Rows a second of work on images, which are taken again and again. */
  public double images(ImageWork work, Images images, long count) throws IOException {
    ModelShipment model = model();
    int size = images.pixelsPerImage();
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < images.count(); i++) {
      rows.add(RowFactory.create((long) i, null, images.label(i), images.bytes(i)));
    }
    return rate(
        new BatchesOf<>(
            new GoodImages(repeated(rows, count), Pixels.BYTES, size, e -> {}),
            batch -> ImageJob.rows(batch, model.model(), work)));
  }

  /** Rows a second of digits from noise. */
  public double generated(GenerateJob job, long count) throws IOException {
    return rate(job.rows(LongStream.range(0, count).iterator(), model()));
  }

  private ModelShipment model() throws IOException {
    return new ModelShipment(models.newest().toAbsolutePath().toString(), false);
  }

  private static Iterator<Row> repeated(List<Row> rows, long count) {
    return LongStream.range(0, count).mapToObj(i -> rows.get((int) (i % rows.size()))).iterator();
  }

  /** Of the second half: until then the JVM compiles. */
  private static double rate(Iterator<Row> rows) {
    long start = System.nanoTime();
    long count = 0;
    long half = 0;
    long halfTime = start;
    while (rows.hasNext()) {
      rows.next();
      count++;
      if (Long.bitCount(count) == 1) { // At each power of two what came before is forgotten.
        half = count;
        halfTime = System.nanoTime();
      }
    }
    return (count - half) / ((System.nanoTime() - halfTime) / NANOS);
  }
}

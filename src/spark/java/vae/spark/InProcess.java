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
 */
public record InProcess(ModelStore models) {
  /** Rows a second of work on images, which are taken again and again. */
  public double images(ImageWork work, Images images, long count) throws IOException {
    ModelShipment model = model();
    int[] taken = images.shape().tensor();
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < images.count(); i++) {
      rows.add(RowFactory.create((long) i, null, images.labels().of(i), images.bytes(i)));
    }
    return rate(
        FixedBatch.rows(
            RowImage.good(repeated(rows, count), Pixels.BYTES, taken, () -> {}),
            batch -> ImageJob.rows(batch, model.model(), work)),
        count);
  }

  /** Rows a second of digits from noise. */
  public double generated(GenerateJob job, long count) throws IOException {
    return rate(job.rows(LongStream.range(0, count).iterator(), model()), count);
  }

  private ModelShipment model() throws IOException {
    return ModelShipment.onEveryMachine(models.newest().toAbsolutePath());
  }

  private static Iterator<Row> repeated(List<Row> rows, long count) {
    return LongStream.range(0, count).mapToObj(i -> rows.get((int) (i % rows.size()))).iterator();
  }

  /** Of the second half: in the first the JVM compiles. */
  private static double rate(Iterator<Row> rows, long count) {
    long half = count / 2;
    for (long i = 0; i < half; i++) {
      rows.next();
    }
    long start = System.nanoTime();
    for (long i = half; i < count; i++) {
      rows.next();
    }
    return (count - half) / ((System.nanoTime() - start) / 1e9);
  }
}

package vae.spark;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.IOUtils;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import vae.mnist.DataException;
import vae.mnist.IdxReader;
import vae.tensor.ImageShape;

/**
 * IDX files of images, [n, h, w] or [n, h, w, 1 or 3], plain or gzipped, with or without files of
 * their labels. An image's id is its number, over all files in the order given. A task reads one
 * range of one file; of a gzipped one it unpacks what lies before.
 */
public final class IdxImages {
  private static final int ROWS_A_TASK = 20_000;

  private IdxImages() {}

  /** What a task reads. */
  private record Range(
      String images,
      String labels,
      int from,
      int to,
      int header,
      int pixels,
      long firstId,
      boolean last)
      implements Serializable {
    private static final long serialVersionUID = 1;
  }

  /**
   * Reads them.
   *
   * @param labels as many files as there are of images, or none
   * @throws DataException if a file is missing or no IDX file, or there are more or fewer labels
   */
  public static ImageTable read(SparkSession spark, List<String> images, List<String> labels)
      throws IOException {
    var context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    var settings = new SerializableConfiguration(context.hadoopConfiguration());
    List<Range> ranges = new ArrayList<>();
    Map<String, ImageShape> shapes = new LinkedHashMap<>();
    long firstId = 0;
    for (int file = 0; file < images.size(); file++) {
      String labelFile = labels.isEmpty() ? "" : labels.get(file);
      int[] dims = dimensions(settings.value(), images.get(file), 3, 4);
      ImageShape shape = IdxReader.shape(Path.of(images.get(file)), dims);
      shapes.put(images.get(file), shape);
      if (!labelFile.isEmpty()) {
        int count = dimensions(settings.value(), labelFile, 1)[0];
        if (count != dims[0]) {
          throw new DataException(
              Path.of(labelFile),
              "expected a label for each of the %,d images, found %,d".formatted(dims[0], count));
        }
      }
      for (int from = 0; from < dims[0]; from += ROWS_A_TASK) {
        int to = Math.min(dims[0], from + ROWS_A_TASK);
        ranges.add(
            new Range(
                images.get(file),
                labelFile,
                from,
                to,
                4 + 4 * dims.length,
                shape.size(),
                firstId + from,
                to == dims[0]));
      }
      firstId += dims[0];
    }
    // Numbers are what is sent: serializers that a cluster may prefer can't make records.
    List<Integer> numbers = IntStream.range(0, ranges.size()).boxed().toList();
    var rows =
        context
            .parallelize(numbers, ranges.size())
            .flatMap(number -> rows(settings.value(), ranges.get(number)));
    return new ImageTable(
        spark.createDataFrame(rows, ImageTable.withBytes()), Pixels.BYTES, shapes);
  }

  private static int[] dimensions(Configuration settings, String file, int... ranks)
      throws DataException {
    return reading(
        file,
        () -> {
          try (InputStream in = open(settings, file)) {
            return IdxReader.dimensions(Path.of(file), in, ranks);
          }
        });
  }

  private static InputStream open(Configuration settings, String file) throws IOException {
    var path = new org.apache.hadoop.fs.Path(file);
    InputStream in = new BufferedInputStream(path.getFileSystem(settings).open(path), 1 << 16);
    in.mark(2);
    boolean packed = in.read() == 0x1f && in.read() == 0x8b;
    in.reset();
    return packed ? new GZIPInputStream(in, 1 << 16) : in;
  }

  @FunctionalInterface
  private interface Reading<T> {
    T read() throws IOException;
  }

  /** Names the file in whatever is wrong with it. */
  private static <T> T reading(String file, Reading<T> reading) throws DataException {
    try {
      return reading.read();
    } catch (DataException e) {
      throw e;
    } catch (FileNotFoundException e) {
      throw new DataException(Path.of(file), "no such data file");
    } catch (EOFException e) {
      throw new DataException(Path.of(file), "expected a whole IDX file, found that it ends early");
    } catch (IOException e) {
      throw new DataException(Path.of(file), e);
    }
  }

  /** The rows of a range, one by one; its files are closed when the task ends. */
  private static Iterator<Row> rows(Configuration settings, Range range) throws IOException {
    InputStream images =
        open(settings, range.images, range.header + (long) range.from * range.pixels);
    InputStream labels =
        range.labels.isEmpty()
            ? InputStream.nullInputStream()
            : open(settings, range.labels, 8 + (long) range.from);
    TaskContext.get()
        .addTaskCompletionListener((TaskContext task) -> IOUtils.closeStreams(images, labels));
    return IntStream.range(range.from, range.to)
        .mapToObj(number -> row(range, number, images, labels))
        .iterator();
  }

  private static InputStream open(Configuration settings, String file, long offset)
      throws DataException {
    return reading(
        file,
        () -> {
          InputStream in = open(settings, file);
          in.skipNBytes(offset);
          return in;
        });
  }

  private static Row row(Range range, int number, InputStream images, InputStream labels) {
    try {
      byte[] image = reading(range.images, () -> next(images, range.pixels));
      Integer label =
          range.labels.isEmpty()
              ? null
              : Integer.valueOf(reading(range.labels, () -> next(labels, 1))[0] & 0xff);
      if (range.last && number == range.to - 1) {
        requireEnd(range.images, images);
        requireEnd(range.labels, labels);
      }
      return RowFactory.create(range.firstId + (number - range.from), null, label, image);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] next(InputStream in, int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException();
    }
    return bytes;
  }

  /** The end of a gzipped file has its sum, too. */
  private static void requireEnd(String file, InputStream in) throws DataException {
    if (reading(file, in::read) != -1) {
      throw new DataException(
          Path.of(file), "expected the end after what its header tells, found more");
    }
  }
}

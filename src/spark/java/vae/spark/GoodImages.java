package vae.spark;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.sql.Row;

/** The images of a partition's good rows; bad ones are told of, and passed over. */
final class GoodImages implements Iterator<GoodImages.GoodImage> {
  private final Iterator<Row> rows;
  private final Pixels pixels;
  private final int[] taken;
  private final Consumer<BadRowException> bad;
  private Optional<GoodImage> next = Optional.empty();

  /**
   * An image, and which it is.
   *
   * @param key the row that it came from
   * @param pixels in [0, 1]
   */
  @SuppressWarnings("ArrayRecordComponent") // Only read; never compared.
  record GoodImage(Row key, float[] pixels) {}

  /**
   * Of a partition.
   *
   * @param taken the shape that an image must have; see {@link Pixels#of}
   */
  GoodImages(Iterator<Row> rows, Pixels pixels, int[] taken, Consumer<BadRowException> bad) {
    this.rows = rows;
    this.pixels = pixels;
    this.taken = taken;
    this.bad = bad;
  }

  /**
   * A row's image.
   *
   * @throws BadRowException if it has none, or no id
   */
  static GoodImage of(Row row, Pixels pixels, int... taken) throws BadRowException {
    if (row.isNullAt(ImageTable.ID)) {
      throw new BadRowException("expected an id, found null");
    }
    return new GoodImage(row, pixels.of(row, ImageTable.IMAGE, taken));
  }

  @Override
  public boolean hasNext() {
    while (next.isEmpty() && rows.hasNext()) {
      try {
        next = Optional.of(of(rows.next(), pixels, taken));
      } catch (BadRowException e) {
        bad.accept(e);
      }
    }
    return next.isPresent();
  }

  @Override
  public GoodImage next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    GoodImage image = next.orElseThrow();
    next = Optional.empty();
    return image;
  }
}

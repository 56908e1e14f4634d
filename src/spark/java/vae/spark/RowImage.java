package vae.spark;

import java.util.Iterator;
import java.util.Spliterators;
import java.util.stream.StreamSupport;
import org.apache.spark.sql.Row;

/**
 * The image of a row of an {@link ImageTable}.
 *
 * @param row that it came from
 * @param pixels in [0, 1]
 */
@SuppressWarnings("ArrayRecordComponent") // Only read; never compared.
record RowImage(Row row, float[] pixels) {
  /**
   * A row's image.
   *
   * @param taken the shape that it must have; see {@link Pixels#of}
   * @throws BadRowException if the row has none, or no id
   */
  static RowImage of(Row row, Pixels pixels, int... taken) throws BadRowException {
    if (row.isNullAt(ImageTable.ID)) {
      throw new BadRowException("expected an id, found null");
    }
    return new RowImage(row, pixels.of(row, ImageTable.IMAGE, taken));
  }

  /** The images of a partition's good rows, one by one; bad rows are told of, and passed over. */
  static Iterator<RowImage> good(
      Iterator<Row> rows, Pixels pixels, int[] taken, Runnable ofBadRow) {
    return StreamSupport.stream(Spliterators.spliteratorUnknownSize(rows, 0), false)
        .<RowImage>mapMulti(
            (row, images) -> {
              try {
                images.accept(of(row, pixels, taken));
              } catch (BadRowException e) {
                ofBadRow.run();
              }
            })
        .iterator();
  }
}

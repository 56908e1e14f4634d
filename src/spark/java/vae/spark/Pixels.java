package vae.spark;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;
import vae.mnist.BadLineException;
import vae.mnist.ImageFile;
import vae.mnist.Images;

/** The forms in which a row may bring an image. */
enum Pixels {
  /** Bytes from black, 0, to full, 255, row by row, of each pixel its channels. */
  BYTES {
    @Override
    float[] read(Row row, int column, int... taken) {
      return Images.unit((byte[]) row.get(column));
    }
  },
  /** Numbers in [0, 1]. */
  NUMBERS {
    @Override
    float[] read(Row row, int column, int... taken) throws BadRowException {
      List<Number> numbers = row.getList(column);
      float[] pixels = new float[numbers.size()];
      for (int i = 0; i < pixels.length; i++) {
        Number number = numbers.get(i);
        float value = number == null ? Float.NaN : number.floatValue();
        if (!(value >= 0 && value <= 1)) {
          throw new BadRowException(
              "expected pixels in [0, 1], found %s as number %d".formatted(number, i + 1));
        }
        pixels[i] = value;
      }
      return pixels;
    }
  },
  /** A PNG or JPEG file. */
  FILE {
    @Override
    float[] read(Row row, int column, int... taken) throws BadRowException {
      try {
        return Images.unit(ImageFile.pixels((byte[]) row.get(column), taken).pixels());
      } catch (BadLineException e) {
        throw new BadRowException(String.valueOf(e.getMessage()));
      }
    }
  };

  abstract float[] read(Row row, int column, int... taken) throws BadRowException;

  /**
   * A row's image.
   *
   * @param taken the shape that it must have, where the row tells of one; else as many values
   * @return in [0, 1]
   * @throws BadRowException if the row brings no such image
   */
  float[] of(Row row, int column, int... taken) throws BadRowException {
    if (row.isNullAt(column)) {
      throw new BadRowException("expected an image, found null");
    }
    float[] pixels = read(row, column, taken);
    int size = Arrays.stream(taken).reduce(1, Math::multiplyExact);
    if (pixels.length != size) {
      throw new BadRowException(
          "expected an image of %,d values, found %,d".formatted(size, pixels.length));
    }
    return pixels;
  }
}

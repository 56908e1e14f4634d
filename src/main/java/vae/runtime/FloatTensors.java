package vae.runtime;

import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.FloatDataBuffer;
import org.tensorflow.types.TFloat32;

/** Between tensors of float32 and arrays, row by row in bulk. */
public final class FloatTensors {
  private FloatTensors() {}

  /** A copy of all values, row-major. */
  public static float[] values(TFloat32 tensor) {
    float[] values = new float[Math.toIntExact(tensor.size())];
    read(tensor, values);
    return values;
  }

  /** Copies all values, row-major. */
  public static void read(TFloat32 tensor, float[] target) {
    buffer(tensor).read(target);
  }

  /** Gives a tensor these values, row-major, as many as it has. */
  public static void write(TFloat32 tensor, float[] values) {
    buffer(tensor).write(values);
  }

  /**
   * Copies rows {@code from} to {@code to} of a matrix into a new tensor, which the caller closes.
   *
   * @throws IllegalArgumentException if the rows differ in length
   */
  public static TFloat32 ofRows(float[][] rows, int from, int to) {
    int columns = rows[from].length;
    for (int i = from; i < to; i++) {
      if (rows[i].length != columns) {
        throw new IllegalArgumentException(
            "expected rows of %,d values, found %,d in row %,d"
                .formatted(columns, rows[i].length, i));
      }
    }
    return TFloat32.tensorOf(
        Shape.of(to - from, columns),
        tensor -> {
          FloatDataBuffer buffer = buffer(tensor);
          for (int i = from; i < to; i++) {
            buffer.offset((long) (i - from) * columns).write(rows[i]);
          }
        });
  }

  /** Copies the rows of a matrix into {@code rows} from {@code from} on. */
  public static void readRows(TFloat32 tensor, float[][] rows, int from) {
    FloatDataBuffer buffer = buffer(tensor);
    int columns = Math.toIntExact(tensor.shape().get(1));
    int count = Math.toIntExact(tensor.shape().get(0));
    for (int i = 0; i < count; i++) {
      float[] row = new float[columns];
      buffer.offset((long) i * columns).read(row);
      rows[from + i] = row;
    }
  }

  private static FloatDataBuffer buffer(TFloat32 tensor) {
    return tensor.asRawTensor().data().asFloats();
  }
}

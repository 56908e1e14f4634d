package vae.runtime;

import org.tensorflow.ndarray.buffer.FloatDataBuffer;
import org.tensorflow.types.TFloat32;

/** Between tensors of float32 that are used again and again, and arrays. */
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

  private static FloatDataBuffer buffer(TFloat32 tensor) {
    return tensor.asRawTensor().data().asFloats();
  }
}

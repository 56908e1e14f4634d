package vae.runtime;

import java.util.Arrays;
import org.tensorflow.RawTensor;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.NdArray;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.ByteDataBuffer;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TString;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TType;
import vae.tensor.ElementType;
import vae.tensor.Values;

/** Between TensorFlow's tensors and {@link Values}, in bulk. */
public final class Tensors {
  private Tensors() {}

  /** All of it in a new tensor, which the caller closes. */
  public static TType of(Values values) {
    return of(values, 0, values.rows());
  }

  /**
   * Copies rows {@code from} to {@code to} into a new tensor, which the caller closes. A value of
   * rank 0 has one row.
   */
  public static TType of(Values values, int from, int to) {
    long[] dims = Arrays.stream(values.shape()).asLongStream().toArray();
    if (dims.length > 0) {
      dims[0] = (long) to - from;
    }
    var shape = Shape.of(dims);
    int size = values.rowSize();
    int at = from * size;
    int count = (to - from) * size;
    return switch (values.type()) {
      case FLOAT ->
          TFloat32.tensorOf(shape, t -> data(t).asFloats().write(values.floats(), at, count));
      case DOUBLE ->
          TFloat64.tensorOf(shape, t -> data(t).asDoubles().write(values.doubles(), at, count));
      case INT32 -> TInt32.tensorOf(shape, t -> data(t).asInts().write(values.ints(), at, count));
      case INT64 -> TInt64.tensorOf(shape, t -> data(t).asLongs().write(values.longs(), at, count));
      case BOOL ->
          TBool.tensorOf(shape, t -> data(t).asBooleans().write(values.booleans(), at, count));
      case UINT8 -> TUint8.tensorOf(shape, t -> data(t).write(values.bytes(), at, count));
      case STRING ->
          TString.tensorOfBytes(
              shape,
              DataBuffers.of(Arrays.copyOfRange(values.strings(), at, at + count), false, false));
    };
  }

  /**
   * A copy of all that a tensor holds.
   *
   * @throws IllegalArgumentException if it is of a type that {@link ElementType} lacks
   */
  public static Values values(Tensor tensor) {
    ElementType type = type(tensor);
    int[] shape = Arrays.stream(tensor.shape().asArray()).mapToInt(Math::toIntExact).toArray();
    Values values = Values.empty(type, shape);
    switch (type) {
      case FLOAT -> data(tensor).asFloats().read(values.floats());
      case DOUBLE -> data(tensor).asDoubles().read(values.doubles());
      case INT32 -> data(tensor).asInts().read(values.ints());
      case INT64 -> data(tensor).asLongs().read(values.longs());
      case BOOL -> data(tensor).asBooleans().read(values.booleans());
      case UINT8 -> data(tensor).read(values.bytes());
      case STRING -> readStrings(((TString) tensor).asBytes(), values.strings());
    }
    return values;
  }

  private static void readStrings(NdArray<byte[]> strings, byte[][] target) {
    int i = 0;
    for (NdArray<byte[]> scalar : strings.scalars()) {
      target[i++] = scalar.getObject();
    }
  }

  private static ElementType type(Tensor tensor) {
    String name = tensor.dataType().name();
    return ElementType.of(name)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "expected one of %s, found values of %s"
                        .formatted(Arrays.toString(ElementType.values()), name)));
  }

  private static ByteDataBuffer data(Tensor tensor) {
    RawTensor raw = tensor.asRawTensor();
    return raw.data();
  }
}

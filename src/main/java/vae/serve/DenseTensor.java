package vae.serve;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A tensor of float32 as JSON writes it, in nested arrays: all as deep and as long as the first of
 * each level. What is said of others is what TensorFlow Serving says.
 *
 * @param shape none for a number alone
 * @param values row-major
 */
@SuppressWarnings("ArrayRecordComponent") // Only read; never compared.
record DenseTensor(int[] shape, float[] values) {

  /** Of a value of {@link JsonTree}. */
  static DenseTensor of(Object value) throws ServingException {
    List<Integer> sizes = new ArrayList<>();
    long count = 1;
    Object first = value;
    while (JsonTree.isArray(first)) {
      int size = JsonTree.size(first);
      sizes.add(size);
      count *= size;
      if (size == 0) {
        break;
      }
      first = JsonTree.element(first, 0);
    }
    int[] shape = sizes.stream().mapToInt(Integer::intValue).toArray();
    if (count > Integer.MAX_VALUE - 8) {
      throw ServingException.invalid("a tensor of shape %s is too large".formatted(sizes));
    }
    var filling = new Filling(shape);
    filling.add(value, 0);
    return new DenseTensor(shape, Arrays.copyOf(filling.values, filling.count));
  }

  /** Its shape as Serving writes it. */
  String shapeText() {
    return Signatures.shape(Arrays.stream(shape).asLongStream().toArray());
  }

  /** Its rows, if it has two dimensions. */
  float[][] rows() {
    float[][] rows = new float[shape[0]][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = Arrays.copyOfRange(values, i * shape[1], (i + 1) * shape[1]);
    }
    return rows;
  }

  private static final class Filling {
    private final int[] shape;
    // Grows with what is there, not with what the shape promises.
    private float[] values = new float[16];
    private int count;

    Filling(int[] shape) {
      this.shape = shape;
    }

    void add(Object value, int level) throws ServingException {
      if (!JsonTree.isArray(value)) {
        addNumber(value, level);
        return;
      }
      if (level >= shape.length) {
        throw ServingException.invalid(
            "Encountered list at unexpected level: %d expected < %d"
                .formatted(level, shape.length));
      }
      int size = JsonTree.size(value);
      if (size != shape[level]) {
        throw ServingException.invalid(
            "Encountered list at unexpected size: %d at level: %d expected size: %d"
                .formatted(size, level, shape[level]));
      }
      if (value instanceof float[] numbers && level + 1 == shape.length) {
        reserve(size);
        System.arraycopy(numbers, 0, values, count, size);
        count += size;
        return;
      }
      for (int i = 0; i < size; i++) {
        add(JsonTree.element(value, i), level + 1);
      }
    }

    private void addNumber(Object value, int level) throws ServingException {
      if (level != shape.length) {
        throw ServingException.invalid(
            "JSON Value: %s found at incorrect level: %d in the JSON DOM. Expected at level: %d"
                .formatted(JsonTree.shown(value), level + 1, shape.length));
      }
      if (!(value instanceof Double number)) {
        throw typeError(value);
      }
      reserve(1);
      values[count++] = number.floatValue();
    }

    private void reserve(int more) {
      if (count + more > values.length) {
        values = Arrays.copyOf(values, Math.max(count + more, 2 * values.length));
      }
    }

    private static ServingException typeError(Object value) {
      return ServingException.invalid(
          "JSON Value: %s Type: %s is not of expected type: float"
              .formatted(JsonTree.shown(value), JsonTree.kind(value)));
    }
  }
}

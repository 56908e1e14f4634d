package vae.tensor;

import java.lang.invoke.MethodType;
import java.lang.reflect.Array;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A tensor's values in Java memory: a shape, and as many values of one type, row-major. A matrix is
 * of rank 2, a number alone of rank 0.
 *
 * <pre>{@code
 * Values.of(new float[][] {{0.5f, -1}})                       // float [1,2]
 * Values.of(new long[] {3, 1, 4})                             // int64 [3]
 * Values.of("hello")                                          // string []
 * Values.of(pixels).reshaped(1, 28, 28, 1)                    // float [1,28,28,1]
 * }</pre>
 *
 * <p>Whoever makes one gives its array away; whoever asks for the array must not change it.
 */
public final class Values {
  private final ElementType type;
  private final int[] shape;
  private final Object data;

  private Values(ElementType type, int[] shape, Object data) {
    this.type = type;
    this.shape = shape;
    this.data = data;
  }

  /**
   * Takes a flat array of as many values as the shape has, of the type's kind: {@code float[]}, …,
   * {@code byte[]} for uint8, {@code byte[][]} for strings.
   */
  public static Values wrap(ElementType type, Object flat, int... shape) {
    if (!ElementType.of(flat.getClass().getComponentType()).equals(Optional.of(type))) {
      throw new IllegalArgumentException(
          "expected an array of %s, found %s"
              .formatted(type.text(), flat.getClass().getTypeName()));
    }
    if (Array.getLength(flat) != size(shape)) {
      throw new IllegalArgumentException(
          "expected %,d values for the shape %s, found %,d"
              .formatted(size(shape), text(shape), Array.getLength(flat)));
    }
    return new Values(type, shape.clone(), flat);
  }

  /**
   * Whatever Java has: a number, truth value or text alone, or arrays of them, nested as deep as
   * the rank. Bytes are uint8.
   *
   * @throws IllegalArgumentException if it is something else, or arrays beside each other differ in
   *     length
   */
  public static Values of(Object value) {
    if (value instanceof Values values) {
      return values;
    }
    List<Integer> shape = new ArrayList<>();
    Class<?> component = value.getClass();
    for (Object at = value; component.isArray(); component = component.getComponentType()) {
      int length = at == null ? 0 : Array.getLength(at);
      shape.add(length);
      at =
          at == null || length == 0 || component.getComponentType().isPrimitive()
              ? null
              : Array.get(at, 0);
    }
    Class<?> primitive = MethodType.methodType(component).unwrap().returnType();
    ElementType type =
        component == String.class
            ? ElementType.STRING
            : ElementType.of(primitive)
                .orElseThrow(
                    () ->
                        new IllegalArgumentException(
                            "expected numbers, truth values or texts, found "
                                + value.getClass().getTypeName()));
    int[] sizes = shape.stream().mapToInt(Integer::intValue).toArray();
    Object flat = type.array(size(sizes));
    fill(value, sizes, 0, flat, 0);
    return new Values(type, sizes, flat);
  }

  private static int fill(Object from, int[] shape, int level, Object flat, int at) {
    if (level == shape.length) {
      Array.set(
          flat, at, from instanceof String text ? text.getBytes(StandardCharsets.UTF_8) : from);
      return at + 1;
    }
    if (level == shape.length - 1 && from.getClass().getComponentType().isPrimitive()) {
      System.arraycopy(from, 0, flat, at, shape[level]);
      return at + shape[level];
    }
    int next = at;
    for (int i = 0; i < shape[level]; i++) {
      Object row = Array.get(from, i);
      if (level + 1 < shape.length && Array.getLength(row) != shape[level + 1]) {
        throw new IllegalArgumentException(
            "expected rows of %,d values, found %,d in row %,d"
                .formatted(shape[level + 1], Array.getLength(row), i));
      }
      next = fill(row, shape, level + 1, flat, next);
    }
    return next;
  }

  /** What it holds. */
  public ElementType type() {
    return type;
  }

  /** A copy of its shape. */
  public int[] shape() {
    return shape.clone();
  }

  /** How many dimensions it has. */
  public int rank() {
    return shape.length;
  }

  /** How many values it holds. */
  public int size() {
    return size(shape);
  }

  /** The size of its first dimension; 1 of a value alone. */
  public int rows() {
    return shape.length == 0 ? 1 : shape[0];
  }

  /** The shape of each row. */
  public int[] rowShape() {
    return shape.length == 0 ? new int[0] : Arrays.copyOfRange(shape, 1, shape.length);
  }

  /** How many values a row holds. */
  public int rowSize() {
    return size(rowShape());
  }

  /** Its array, as {@link #wrap} takes it. */
  public Object data() {
    return data;
  }

  /** Its array, which is of floats. */
  public float[] floats() {
    return (float[]) require(ElementType.FLOAT);
  }

  /** Its array, which is of doubles. */
  public double[] doubles() {
    return (double[]) require(ElementType.DOUBLE);
  }

  /** Its array, which is of int32. */
  public int[] ints() {
    return (int[]) require(ElementType.INT32);
  }

  /** Its array, which is of int64. */
  public long[] longs() {
    return (long[]) require(ElementType.INT64);
  }

  /** Its array, which is of truth values. */
  public boolean[] booleans() {
    return (boolean[]) require(ElementType.BOOL);
  }

  /** Its array, which is of uint8. */
  public byte[] bytes() {
    return (byte[]) require(ElementType.UINT8);
  }

  /** Its array, which is of strings. */
  public byte[][] strings() {
    return (byte[][]) require(ElementType.STRING);
  }

  /** Its strings as texts in UTF-8. */
  public String[] texts() {
    return Stream.of(strings())
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
        .toArray(String[]::new);
  }

  private Object require(ElementType expected) {
    if (type != expected) {
      throw new IllegalStateException(
          "expected values of %s, found %s".formatted(expected.text(), this));
    }
    return data;
  }

  /** A copy of a row's floats, whatever the row's shape. */
  public float[] row(int row) {
    return part(row, row + 1).floats();
  }

  /** Its rows of floats, each as one array, whatever their shape. */
  public float[][] matrix() {
    float[] flat = floats();
    int size = rowSize();
    float[][] rows = new float[rows()][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = Arrays.copyOfRange(flat, i * size, (i + 1) * size);
    }
    return rows;
  }

  /** As Java nests arrays: {@code (float[][][]) values.nested()} of rank 3; a value in a box. */
  public Object nested() {
    return shape.length == 0 ? Array.get(data, 0) : nested(0, 0);
  }

  private Object nested(int level, int at) {
    if (level == shape.length - 1) {
      Object part = type.array(shape[level]);
      System.arraycopy(data, at, part, 0, shape[level]);
      return part;
    }
    Class<?> component = data.getClass();
    for (int i = level + 2; i < shape.length; i++) {
      component = component.arrayType();
    }
    Object parts = Array.newInstance(component, shape[level]);
    int size = size(Arrays.copyOfRange(shape, level + 1, shape.length));
    for (int i = 0; i < shape[level]; i++) {
      Array.set(parts, i, nested(level + 1, at + i * size));
    }
    return parts;
  }

  /** The same values in another shape, of as many values. */
  public Values reshaped(int... other) {
    return wrap(type, data, other);
  }

  /** The same values in as many rows of another shape, of as many values. */
  public Values withRows(int... rowShape) {
    if (size(rowShape) != rowSize()) {
      throw new IllegalArgumentException(
          "expected rows of shape %s, found %s".formatted(text(rowShape), this));
    }
    return new Values(type, prepended(rows(), rowShape), data);
  }

  /** The same numbers as another type; those that are none alike are as Java's casts make them. */
  public Values as(ElementType other) {
    if (other == type) {
      return this;
    }
    if (!type.isNumber() || !other.isNumber()) {
      throw new IllegalArgumentException(
          "expected values of %s, found %s".formatted(other.text(), this));
    }
    Object converted = other.array(size());
    for (int i = 0; i < size(); i++) {
      Number value =
          type == ElementType.UINT8
              ? Integer.valueOf(Array.getByte(data, i) & 0xff)
              : (Number) Array.get(data, i);
      switch (other) {
        case FLOAT -> ((float[]) converted)[i] = value.floatValue();
        case DOUBLE -> ((double[]) converted)[i] = value.doubleValue();
        case INT32 -> ((int[]) converted)[i] = value.intValue();
        case INT64 -> ((long[]) converted)[i] = value.longValue();
        default -> ((byte[]) converted)[i] = value.byteValue();
      }
    }
    return new Values(other, shape, converted);
  }

  /** The same values as the one row of a larger tensor. */
  public Values asRow() {
    return new Values(type, prepended(1, shape), data);
  }

  /** A copy of some of its rows. */
  public Values part(int from, int to) {
    int[] sizes = shape.clone();
    sizes[0] = to - from;
    Object part = type.array(size(sizes));
    System.arraycopy(data, from * rowSize(), part, 0, size(sizes));
    return new Values(type, sizes, part);
  }

  /** Its rows with the last of them again and again, until there are as many as asked. */
  public Values filledUp(int rows) {
    List<Values> all = new ArrayList<>(List.of(this));
    all.addAll(Collections.nCopies(rows - rows(), part(rows() - 1, rows())));
    return joined(all);
  }

  /**
   * A copy of the rows of several, one after another; they are alike but for the number of rows.
   *
   * @throws IllegalArgumentException if they are more values than an array can hold
   */
  public static Values joined(List<Values> all) {
    if (all.size() == 1) {
      return all.get(0);
    }
    int[] sizes = all.get(0).shape();
    long rows = all.stream().mapToLong(Values::rows).sum();
    if (rows * Math.max(1, all.get(0).rowSize()) > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "expected at most %,d values at once, found %,d rows of %,d"
              .formatted(Integer.MAX_VALUE, rows, all.get(0).rowSize()));
    }
    sizes[0] = (int) rows;
    Values joined = empty(all.get(0).type, sizes);
    int at = 0;
    for (Values each : all) {
      System.arraycopy(each.data, 0, joined.data, at, each.size());
      at += each.size();
    }
    return joined;
  }

  /** Of zeros (strings: of nothing), to be filled by whoever makes it. */
  public static Values empty(ElementType type, int... shape) {
    return new Values(type, shape.clone(), type.array(size(shape)));
  }

  /** Whether both hold one type, and rows of one shape. */
  public boolean hasRowsLike(Values other) {
    return type == other.type && rank() > 0 && Arrays.equals(rowShape(), other.rowShape());
  }

  /** No rows of a shape. */
  public static Values ofNoRows(ElementType type, int... rowShape) {
    return empty(type, prepended(0, rowShape));
  }

  private static int[] prepended(int rows, int[] rowShape) {
    int[] shape = new int[rowShape.length + 1];
    shape[0] = rows;
    System.arraycopy(rowShape, 0, shape, 1, rowShape.length);
    return shape;
  }

  /** How many values a shape stands for. */
  private static int size(int[] shape) {
    return Arrays.stream(shape).reduce(1, Math::multiplyExact);
  }

  /** A shape as TensorFlow Serving writes it, {@code [2,3]}. */
  public static String text(int... shape) {
    return Arrays.stream(shape)
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(",", "[", "]"));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Values values
        && type == values.type
        && Arrays.equals(shape, values.shape)
        && Arrays.deepEquals(new Object[] {data}, new Object[] {values.data});
  }

  @Override
  public int hashCode() {
    return Arrays.deepHashCode(new Object[] {type, shape, data});
  }

  /** Type and shape, {@code float [2,3]}. */
  @Override
  public String toString() {
    return type.text() + " " + text(shape);
  }
}

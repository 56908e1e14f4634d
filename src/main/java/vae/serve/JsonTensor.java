package vae.serve;

import java.lang.reflect.Array;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import vae.tensor.ElementType;
import vae.tensor.Values;

/**
 * A tensor as JSON writes it, in nested arrays: all as deep and as long as the first of each level.
 * Bytes that are no text are {@code {"b64": "…"}}. What is said of others is what TensorFlow
 * Serving says.
 */
final class JsonTensor {
  /** The one field of an object that stands for bytes. */
  static final String BASE64 = "b64";

  private static final int BYTE = 255;

  private final int[] shape;
  private final ElementType type;
  private final Object flat;
  private int count;

  /** Has room for as many values as are there, whatever the shape promises. */
  private JsonTensor(int[] shape, ElementType type, int values) {
    this.shape = shape;
    this.type = type;
    this.flat = Values.empty(type, values).data();
  }

  static Values read(Object value, ElementType type) throws ServingException {
    List<Integer> sizes = new ArrayList<>();
    Object first = value;
    while (JsonTree.isArray(first)) {
      int length = JsonTree.size(first);
      sizes.add(length);
      if (length == 0) {
        break;
      }
      first = JsonTree.element(first, 0);
    }
    int[] shape = sizes.stream().mapToInt(Integer::intValue).toArray();
    var tensor = new JsonTensor(shape, type, count(value));
    tensor.add(value, 0);
    return Values.wrap(type, tensor.flat, shape);
  }

  /** How many values there are that are no arrays. */
  private static int count(Object value) {
    if (value instanceof List<?> values) {
      return values.stream().mapToInt(JsonTensor::count).sum();
    }
    return value instanceof JsonTree.Numbers ? JsonTree.size(value) : 1;
  }

  static boolean isBase64(Object value) {
    return value instanceof Map<?, ?> map && map.size() == 1 && map.get(BASE64) instanceof String;
  }

  private void add(Object value, int level) throws ServingException {
    if (!JsonTree.isArray(value)) {
      addScalar(value, level);
      return;
    }
    if (level >= shape.length) {
      throw ServingException.invalid(
          "Encountered list at unexpected level: %d expected < %d".formatted(level, shape.length));
    }
    int size = JsonTree.size(value);
    if (size != shape[level]) {
      throw ServingException.invalid(
          "Encountered list at unexpected size: %d at level: %d expected size: %d"
              .formatted(size, level, shape[level]));
    }
    if (value instanceof JsonTree.Numbers numbers
        && level + 1 == shape.length
        && type == ElementType.FLOAT) {
      numbers.copyTo((float[]) flat, count);
      count += size;
      return;
    }
    for (int i = 0; i < size; i++) {
      add(JsonTree.element(value, i), level + 1);
    }
  }

  private void addScalar(Object value, int level) throws ServingException {
    if (level != shape.length) {
      throw ServingException.invalid(
          "JSON Value: %s found at incorrect level: %d in the JSON DOM. Expected at level: %d"
              .formatted(JsonTree.shown(value), level + 1, shape.length));
    }
    Array.set(flat, count, element(value));
    count++;
  }

  private Object element(Object value) throws ServingException {
    if (value instanceof Number number && type.isFloating()) {
      return type == ElementType.FLOAT
          ? (Object) number.floatValue()
          : (Object) number.doubleValue();
    }
    if (value instanceof Long whole && type.isNumber() && fits(whole)) {
      return switch (type) {
        case INT32 -> (Object) whole.intValue();
        case UINT8 -> (Object) whole.byteValue();
        default -> whole;
      };
    }
    if (value instanceof Boolean && type == ElementType.BOOL) {
      return value;
    }
    if (type == ElementType.STRING && value instanceof String text) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
    if (type == ElementType.STRING && value instanceof Map<?, ?> map) {
      return bytes(map);
    }
    throw ServingException.invalid(
        "JSON Value: %s Type: %s is not of expected type: %s"
            .formatted(JsonTree.shown(value), JsonTree.kind(value), type.text()));
  }

  private boolean fits(long whole) {
    return switch (type) {
      case INT32 -> whole == (int) whole;
      case UINT8 -> whole >= 0 && whole <= BYTE;
      default -> true;
    };
  }

  private static byte[] bytes(Map<?, ?> map) throws ServingException {
    if (!isBase64(map)) {
      throw ServingException.invalid(
          "JSON Value: %s not formatted correctly for base64 data".formatted(JsonTree.shown(map)));
    }
    try {
      return Base64.getDecoder().decode(String.valueOf(map.get(BASE64)).replaceAll("\\s", ""));
    } catch (IllegalArgumentException e) {
      throw ServingException.invalid("Unable to base64 decode");
    }
  }
}

package vae.files;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An object of JSON whose fields are of the kinds expected.
 *
 * @param values by name, as the library reads them
 */
public record JsonFields(Map<?, ?> values) {

  /**
   * A number.
   *
   * @throws IllegalArgumentException if there is none
   */
  public Number number(String name) {
    return of(name, Number.class, "a number");
  }

  /**
   * A text.
   *
   * @throws IllegalArgumentException if there is none
   */
  public String text(String name) {
    return of(name, String.class, "a text");
  }

  /**
   * A constant.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public <E extends Enum<E>> E constant(String name, Class<E> type) {
    return Enum.valueOf(type, text(name));
  }

  /**
   * True or false.
   *
   * @throws IllegalArgumentException if it is neither
   */
  public boolean truth(String name) {
    return of(name, Boolean.class, "true or false");
  }

  /**
   * An object within.
   *
   * @throws IllegalArgumentException if there is none
   */
  public JsonFields object(String name) {
    return new JsonFields(of(name, Map.class, "an object"));
  }

  /**
   * A list of numbers.
   *
   * @throws IllegalArgumentException if there is none
   */
  public float[] floats(String name) {
    List<?> list = of(name, List.class, "a list");
    float[] floats = new float[list.size()];
    for (int i = 0; i < floats.length; i++) {
      if (!(list.get(i) instanceof Number number)) {
        throw new IllegalArgumentException(
            "%s: expected numbers, found %s".formatted(name, list.get(i)));
      }
      floats[i] = number.floatValue();
    }
    return floats;
  }

  /**
   * A list of texts.
   *
   * @throws IllegalArgumentException if there is none
   */
  public List<String> texts(String name) {
    List<?> list = of(name, List.class, "a list");
    return list.stream().map(String::valueOf).toList();
  }

  /** Whether there is a field of that name. */
  public boolean has(String name) {
    return values.containsKey(name);
  }

  /** An object within, where there is one of that name. */
  public Optional<JsonFields> optional(String name) {
    return has(name) ? Optional.of(object(name)) : Optional.empty();
  }

  private <T> T of(String name, Class<T> type, String kind) {
    Object value = values.get(name);
    if (!type.isInstance(value)) {
      throw new IllegalArgumentException(
          "%s: expected %s, found %s".formatted(name, kind, value == null ? "none" : value));
    }
    return type.cast(value);
  }
}

package vae.files;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An object of JSON whose fields are of the kinds expected: to ask for one that is missing, or of
 * another kind, is an {@link IllegalArgumentException} that names it.
 *
 * @param values by name, as the library reads them
 */
public record JsonFields(Map<?, ?> values) {

  public Number number(String name) {
    return of(name, Number.class, "a number");
  }

  public int integer(String name) {
    return number(name).intValue();
  }

  public float real(String name) {
    return number(name).floatValue();
  }

  public String text(String name) {
    return of(name, String.class, "a text");
  }

  public <E extends Enum<E>> E constant(String name, Class<E> type) {
    return Enum.valueOf(type, text(name));
  }

  public boolean truth(String name) {
    return of(name, Boolean.class, "true or false");
  }

  /** True or false; false where an earlier version has written neither. */
  public boolean flag(String name) {
    return has(name) && truth(name);
  }

  public JsonFields object(String name) {
    return new JsonFields(of(name, Map.class, "an object"));
  }

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

  public List<String> texts(String name) {
    List<?> list = of(name, List.class, "a list");
    return list.stream().map(String::valueOf).toList();
  }

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

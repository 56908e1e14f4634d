package vae.serve;

import java.lang.reflect.Array;
import java.util.Base64;
import java.util.StringJoiner;
import vae.tensor.ElementType;
import vae.tensor.Values;

/** JSON as a client writes it. */
final class RequestText {
  private RequestText() {}

  /**
   * Writes a value.
   *
   * @param skipped how many levels of arrays of one element are left out
   */
  static String of(Values values, int skipped) {
    return of(values.nested(), skipped, values.type() == ElementType.STRING);
  }

  private static String of(Object value, int skipped, boolean isText) {
    if (isText && value instanceof byte[] bytes) {
      return "{\"b64\":\"" + Base64.getEncoder().encodeToString(bytes) + "\"}";
    }
    if (!value.getClass().isArray()) {
      return value instanceof Byte number ? String.valueOf(number & 0xff) : value.toString();
    }
    if (skipped > 0) {
      return of(Array.get(value, 0), skipped - 1, isText);
    }
    var text = new StringJoiner(",", "[", "]");
    for (int i = 0; i < Array.getLength(value); i++) {
      text.add(of(Array.get(value, i), 0, isText));
    }
    return text.toString();
  }
}

package vae.report;

import java.util.List;
import java.util.StringJoiner;
import java.util.regex.Pattern;

/** Tables as text, each number so that float32 reads it back exactly. */
public final class Csv {
  private static final Pattern BARE = Pattern.compile("[^\",]*");

  private Csv() {}

  /** Rows of numbers, without a header. */
  public static String of(float[][] rows) {
    var text = new StringBuilder();
    for (float[] row : rows) {
      var line = new StringJoiner(",", "", "\n");
      for (float value : row) {
        line.add(Float.toString(value));
      }
      text.append(line);
    }
    return text.toString();
  }

  /** A row of numbers and of texts, which are quoted where they must be (RFC 4180). */
  static String row(List<?> fields) {
    var line = new StringJoiner(",", "", "\n");
    fields.forEach(
        field -> line.add(field instanceof String text ? quoted(text) : field.toString()));
    return line.toString();
  }

  private static String quoted(String text) {
    return BARE.matcher(text).matches() ? text : '"' + text.replace("\"", "\"\"") + '"';
  }
}

package vae.cli;

import java.nio.charset.StandardCharsets;
import java.util.StringJoiner;

/**
 * Rows of numbers as text: commas, no header, each number so that float32 reads it back exactly.
 */
final class Csv {
  private Csv() {}

  /** A text as a field: quoted where it must be (RFC 4180). */
  static String field(String text) {
    return text.matches("[^\",]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
  }

  static byte[] encode(float[][] rows) {
    var text = new StringBuilder();
    for (float[] row : rows) {
      var line = new StringJoiner(",", "", "\n");
      for (float value : row) {
        line.add(Float.toString(value));
      }
      text.append(line);
    }
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }
}

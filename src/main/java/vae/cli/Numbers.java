package vae.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Locale;
import java.util.StringJoiner;

/** Numbers as people paste them and programs read them. */
final class Numbers {
  private Numbers() {}

  /** A z as {@code --z} takes it, to four places. */
  static String point(float[] z) {
    var text = new StringJoiner(",");
    for (float value : z) {
      text.add(String.format(Locale.ROOT, "%.4f", value));
    }
    return text.toString();
  }

  static void writeArray(JsonGenerator json, String name, float[] values) throws IOException {
    json.writeArrayFieldStart(name);
    for (float value : values) {
      json.writeNumber(value);
    }
    json.writeEndArray();
  }

  static void writeArray(JsonGenerator json, String name, double[] values) throws IOException {
    json.writeArrayFieldStart(name);
    for (double value : values) {
      json.writeNumber(value);
    }
    json.writeEndArray();
  }
}

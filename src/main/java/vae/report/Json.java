package vae.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.util.Map;

/** Results for programs: maps, lists, arrays, texts and numbers; fields in the map's order. */
public final class Json {
  private static final JSON PRETTY =
      JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT, JSON.Feature.WRITE_NULL_PROPERTIES);

  /** In ASCII: it is read the same whatever the terminal's or the pipe's encoding. */
  private static final JSON ASCII =
      JSON.builder(JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build()).build();

  private Json() {}

  /** An object on one line, with its end. */
  public static String line(Map<String, ?> json) throws IOException {
    return JSON.std.asString(json) + System.lineSeparator();
  }

  /** The same in ASCII alone. */
  public static String ascii(Map<String, ?> json) throws IOException {
    return ASCII.asString(json) + System.lineSeparator();
  }

  /** An object on several lines, indented. */
  static String pretty(Map<String, ?> json) throws IOException {
    return PRETTY.asString(json) + '\n';
  }
}

package vae.files;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A file of JSON that tells whether it is whole: its first field is the SHA-256 of all that follows
 * that field's line, so that one may say {@code tail -n +3 manifest.json | sha256sum}. It protects
 * from accidents, not from somebody who makes a new sum.
 */
public final class SealedJson {
  private static final long MOST_BYTES = 16 << 20;
  private static final String START = "{\n  \"checksum\" : \"";
  private static final String AFTER_SUM = "\",\n";
  private static final int SUM_DIGITS = 64;

  private SealedJson() {}

  /** Writes an object; its fields are in the map's order. */
  public static void write(Map<String, Object> json, Path file) throws IOException {
    String text =
        JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(json).replace("\r\n", "\n");
    String rest = text.substring("{\n".length());
    String sum = FileSums.sha256(rest.getBytes(StandardCharsets.UTF_8), 0);
    Files.writeString(file, START + sum + AFTER_SUM + rest);
  }

  /** Reads an object; refuses a file that is damaged. */
  public static JsonFields read(Path file) throws ModelException {
    try {
      long size = Files.size(file);
      if (size > MOST_BYTES) {
        throw new ModelException(
            file, "expected at most %,d bytes, found %,d".formatted(MOST_BYTES, size));
      }
      byte[] bytes = Files.readAllBytes(file);
      requireSum(file, bytes);
      return new JsonFields(JSON.std.mapFrom(bytes));
    } catch (IOException e) {
      throw ModelException.unreadable(file, e);
    }
  }

  private static void requireSum(Path file, byte[] bytes) throws ModelException {
    // Latin 1 gives each byte a letter.
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int after = START.length() + SUM_DIGITS;
    if (!text.startsWith(START) || !text.startsWith(AFTER_SUM, after)) {
      throw new ModelException(file, "damaged: expected it to begin with its checksum");
    }
    String expected = text.substring(START.length(), after);
    String found = FileSums.sha256(bytes, after + AFTER_SUM.length());
    if (!found.equals(expected)) {
      throw new ModelException(
          file, "damaged: expected SHA-256 %s, found %s".formatted(expected, found));
    }
  }
}

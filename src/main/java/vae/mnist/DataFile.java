package vae.mnist;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import vae.files.FileKind;

/** A file that a user names, read whole: its bytes, or its text in UTF-8. */
public final class DataFile {
  /** 20 times MNIST's largest. */
  private static final long MOST_BYTES = 256L << 20;

  private DataFile() {}

  /** The bytes as they lie on the disk. */
  static byte[] bytes(Path file) throws DataException {
    try {
      if (Files.isDirectory(file)) {
        throw new DataException(file, "expected a file, found a folder");
      }
      long size = Files.size(file);
      if (size > MOST_BYTES) {
        throw new DataException(
            file, "expected at most %,d bytes, found %,d".formatted(MOST_BYTES, size));
      }
      return Files.readAllBytes(file);
    } catch (DataException e) {
      throw e;
    } catch (IOException e) {
      throw new DataException(file, e);
    }
  }

  /** The text; a file that is none in UTF-8 is refused. */
  public static String text(Path file) throws DataException {
    return text(file, bytes(file));
  }

  /** The same of what {@link #bytes} gave. */
  static String text(Path file, byte[] contents) throws DataException {
    byte[] head = Arrays.copyOf(contents, Math.min(contents.length, FileKind.HEAD));
    CharBuffer out = CharBuffer.allocate(contents.length);
    // A new decoder reports what is malformed.
    CoderResult result =
        StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(contents), out, true);
    String text = out.flip().toString();
    boolean isText = !result.isError() && text.indexOf('\0') < 0 && contents.length > 0;
    // A text may well begin as some binary files do.
    Optional<FileKind> kind = isText ? FileKind.ofDownload(head) : FileKind.of(head);
    if (kind.isPresent()) {
      throw new DataException(file, "expected lines of text, found " + kind.get());
    }
    if (!isText) {
      long line = 1 + text.chars().filter(c -> c == '\n').count();
      throw new DataException(file, "line %d: expected UTF-8, found other bytes".formatted(line));
    }
    return text.startsWith("\ufeff") ? text.substring(1) : text; // Windows' editors put it there.
  }
}

package vae.mnist;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import vae.files.FileKind;

/** Files of text, in UTF-8. */
public final class TextFile {
  private TextFile() {}

  /**
   * Reads one.
   *
   * @throws DataException if it can't be read, or is none
   */
  public static String read(Path file) throws DataException {
    return decoded(file, IdxReader.contents(file));
  }

  /** The same of what {@link IdxReader#contents} gave. */
  static String decoded(Path file, byte[] contents) throws DataException {
    byte[] head = Arrays.copyOf(contents, Math.min(contents.length, FileKind.HEAD));
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder(); // Reports what is malformed.
    ByteBuffer in = ByteBuffer.wrap(contents);
    CharBuffer out = CharBuffer.allocate(contents.length);
    CoderResult result = decoder.decode(in, out, true);
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

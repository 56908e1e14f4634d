package vae.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What a file is known by again.
 *
 * @param bytes its size
 * @param sha256 in lower-case hexadecimal digits
 */
public record FileSum(long bytes, String sha256) {
  private static final int BUFFER = 1 << 16;

  /** Of a file as it is now. */
  static FileSum of(Path file) throws IOException {
    MessageDigest digest = digest();
    byte[] buffer = new byte[BUFFER];
    long bytes = 0;
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
        bytes += read;
      }
    }
    return new FileSum(bytes, HexFormat.of().formatHex(digest.digest()));
  }

  /** The SHA-256 of a part of an array. */
  public static String sha256(byte[] bytes, int from) {
    return sha256(ByteBuffer.wrap(bytes, from, bytes.length - from));
  }

  /** The SHA-256 of one part after another. */
  public static String sha256(ByteBuffer... parts) {
    MessageDigest digest = digest();
    for (ByteBuffer part : parts) {
      digest.update(part);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}

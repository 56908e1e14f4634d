package vae.mnist;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The sum by which a file is known again. */
public final class Sha256 {
  private Sha256() {}

  /** In lower-case hexadecimal digits. */
  static String of(byte[] contents) {
    return of(ByteBuffer.wrap(contents));
  }

  /** The same of one part after another. */
  public static String of(ByteBuffer... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (ByteBuffer part : parts) {
        digest.update(part);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}

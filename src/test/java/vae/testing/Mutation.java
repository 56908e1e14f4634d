package vae.testing;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

/** What chance does to a file. */
public final class Mutation {
  private Mutation() {}

  /** One to four changes of bits, bytes, length or order; now and then a number of four bytes. */
  public static byte[] of(byte[] whole, Random random) {
    byte[] bytes = whole.clone();
    for (int change = random.nextInt(4); change >= 0 && bytes.length > 8; change--) {
      int at = random.nextInt(random.nextBoolean() ? Math.min(64, bytes.length) : bytes.length);
      switch (random.nextInt(6)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt();
        case 2 -> bytes = Arrays.copyOf(bytes, at);
        case 3 -> bytes = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(100));
        case 4 -> {
          int from = random.nextInt(bytes.length);
          int length = random.nextInt(Math.min(bytes.length - from, bytes.length - at));
          System.arraycopy(bytes, from, bytes, at, length);
        }
        default -> {
          if (at + 4 <= bytes.length) {
            ByteBuffer.wrap(bytes).putInt(at, random.nextInt());
          }
        }
      }
    }
    return bytes;
  }
}

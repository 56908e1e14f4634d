package vae.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.GZIPOutputStream;

/** What files hold that tests write by hand. */
public final class FileBytes {
  private FileBytes() {}

  /** A file in IDX, as MNIST's are: bytes, as many as the shape tells or not. */
  public static byte[] idx(byte[] values, int... shape) {
    ByteBuffer file = ByteBuffer.allocate(Integer.BYTES * (1 + shape.length) + values.length);
    file.putInt(0x0800 + shape.length);
    for (int size : shape) {
      file.putInt(size);
    }
    return file.put(values).array();
  }

  /** The contents, packed. */
  public static byte[] gzip(byte[] contents) {
    var packed = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(packed)) {
      out.write(contents);
    } catch (IOException e) {
      throw new AssertionError(e); // In memory.
    }
    return packed.toByteArray();
  }
}

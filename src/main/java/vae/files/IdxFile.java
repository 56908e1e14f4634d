package vae.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/** Arrays in IDX, the format of MNIST's own files, beside a model. */
public final class IdxFile {
  /** Two dimensions of float32. */
  public static final int FLOAT_ROWS = 0x0D02;

  /** One dimension of float32. */
  public static final int FLOATS = 0x0D01;

  /** One dimension of bytes. */
  public static final int BYTES = 0x0801;

  private static final long MOST_BYTES = 1L << 30;

  private IdxFile() {}

  /** Writes numbers one after another. */
  public static void write(Path file, float[]... parts) throws IOException {
    int count = 0;
    for (float[] part : parts) {
      count = Math.addExact(count, part.length);
    }
    ByteBuffer contents = ByteBuffer.allocate(8 + count * Float.BYTES);
    FloatBuffer floats = contents.putInt(FLOATS).putInt(count).asFloatBuffer();
    for (float[] part : parts) {
      floats.put(part);
    }
    Files.write(file, contents.array());
  }

  /**
   * Reads a file.
   *
   * @return what follows its first number
   * @throws ModelException if it can't be read, or begins with another number
   */
  public static ByteBuffer read(Path file, int magic) throws ModelException {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw new ModelException(file, "expected at most %,d bytes".formatted(MOST_BYTES));
      }
      ByteBuffer contents = ByteBuffer.wrap(Files.readAllBytes(file));
      if (contents.remaining() < 12 || contents.getInt() != magic) {
        throw new ModelException(
            file, "expected an IDX file that begins with 0x%08x".formatted(magic));
      }
      return contents;
    } catch (ModelException e) {
      throw e;
    } catch (IOException e) {
      throw new ModelException(file, "can't be read (" + e + ")", e);
    }
  }

  /** Refuses a file that has more or fewer bytes than its header tells. */
  public static void requireSize(Path file, long expected, long found) throws ModelException {
    if (expected != found) {
      throw new ModelException(
          file, "expected %,d bytes after its header, found %,d".formatted(expected, found));
    }
  }

  /** Refuses NaN and infinity. */
  public static void requireFinite(Path file, float[] values) throws ModelException {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw new ModelException(file, "expected finite numbers, found " + value);
      }
    }
  }
}

package vae.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/** Arrays in IDX, the format of MNIST's own files, beside a model. */
public final class IdxFile {
  private static final int FLOATS = 0x0D00;
  private static final int BYTES = 0x0800;
  private static final long MOST_BYTES = 1L << 30;

  private IdxFile() {}

  /** Finite numbers, row-major, and how many of them each dimension has. */
  @SuppressWarnings("ArrayRecordComponent") // Only read; never compared.
  public record Floats(int[] dims, float[] values) {}

  /** Writes numbers one after another, as many as the dimensions say. */
  public static void write(Path file, int[] dims, float[]... parts) throws IOException {
    byte[] contents = new byte[size(dims, Float.BYTES)];
    FloatBuffer floats = afterHeader(contents, FLOATS, dims).asFloatBuffer();
    for (float[] part : parts) {
      floats.put(part);
    }
    Files.write(file, contents);
  }

  /** Writes bytes in one dimension. */
  public static void write(Path file, byte[] values) throws IOException {
    int[] dims = {values.length};
    byte[] contents = new byte[size(dims, 1)];
    afterHeader(contents, BYTES, dims).put(values);
    Files.write(file, contents);
  }

  /**
   * Reads numbers.
   *
   * @param rank how many dimensions they have
   * @throws ModelException if they can't be read, or are not what the header says, or not finite
   */
  public static Floats floats(Path file, int rank) throws ModelException {
    ByteBuffer contents = read(file, FLOATS | rank);
    int[] dims = new int[rank];
    long count = 1;
    for (int i = 0; i < rank; i++) {
      dims[i] = contents.getInt();
      count *= dims[i];
    }
    requireSize(file, count * Float.BYTES, contents.remaining());
    float[] values = new float[(int) count];
    contents.asFloatBuffer().get(values);
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw new ModelException(file, "expected finite numbers, found " + value);
      }
    }
    return new Floats(dims, values);
  }

  /** Reads bytes in one dimension; refuses a file that is not what its header says. */
  public static byte[] bytes(Path file) throws ModelException {
    ByteBuffer contents = read(file, BYTES | 1);
    requireSize(file, contents.getInt(), contents.remaining());
    byte[] values = new byte[contents.remaining()];
    contents.get(values);
    return values;
  }

  private static int size(int[] dims, int bytes) {
    int size = bytes;
    for (int dim : dims) {
      size = Math.multiplyExact(size, dim);
    }
    return Math.addExact(size, (1 + dims.length) * Integer.BYTES);
  }

  private static ByteBuffer afterHeader(byte[] contents, int type, int[] dims) {
    ByteBuffer after = ByteBuffer.wrap(contents).putInt(type | dims.length);
    for (int dim : dims) {
      after.putInt(dim);
    }
    return after;
  }

  /** What follows the magic number. */
  private static ByteBuffer read(Path file, int magic) throws ModelException {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw new ModelException(file, "expected at most %,d bytes".formatted(MOST_BYTES));
      }
      ByteBuffer contents = ByteBuffer.wrap(Files.readAllBytes(file));
      int dimensions = magic & 0xff;
      if (contents.remaining() < Integer.BYTES * (1 + dimensions) || contents.getInt() != magic) {
        throw new ModelException(
            file, "expected an IDX file that begins with 0x%08x".formatted(magic));
      }
      return contents;
    } catch (IOException e) {
      throw ModelException.unreadable(file, e);
    }
  }

  private static void requireSize(Path file, long expected, long found) throws ModelException {
    if (expected != found) {
      throw new ModelException(
          file, "expected %,d bytes after its header, found %,d".formatted(expected, found));
    }
  }
}

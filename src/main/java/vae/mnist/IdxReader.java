package vae.mnist;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import vae.files.FileKind;
import vae.tensor.ImageShape;

/**
 * Reads IDX files of unsigned bytes, plain or gzipped, strictly: two zero bytes, the type 8, the
 * number of dimensions, each dimension as a big-endian 32-bit number, then exactly as many bytes as
 * the dimensions say.
 */
public final class IdxReader {
  /** What a file may hold once unpacked. */
  private static final long MOST_VALUES = 1L << 30;

  /** Deflate can't pack more than this many bytes into one. */
  private static final long DEFLATE_LIMIT = 1032;

  private static final int UNSIGNED_BYTE = 0x08;

  private IdxReader() {}

  /** The sizes of a file's dimensions, and its values in row-major order. */
  record IdxArray(int[] dims, byte[] values) {}

  /** Reads what {@link DataFile#bytes} gave, of one of these numbers of dimensions. */
  static IdxArray parse(Path file, byte[] contents, int... ranks) throws DataException {
    boolean packed = contents.length > 1 && contents[0] == 0x1f && contents[1] == (byte) 0x8b;
    try {
      if (!packed) {
        return parse(file, new ByteArrayInputStream(contents), contents.length, ranks);
      }
      try (var unpacked = new StrictGzipStream(contents)) {
        IdxArray array = parse(file, unpacked, contents.length * DEFLATE_LIMIT, ranks);
        if (unpacked.bytesAfterEnd() != 0) {
          throw new DataException(
              file,
              "expected the end after the gzip stream, found %,d more bytes"
                  .formatted(unpacked.bytesAfterEnd()));
        }
        return array;
      }
    } catch (DataException e) {
      throw e;
    } catch (IOException e) {
      throw new DataException(file, "not a whole gzip stream (" + e.getMessage() + ")");
    }
  }

  private static IdxArray parse(Path file, InputStream in, long mostBytes, int... ranks)
      throws IOException {
    int[] dims = dimensions(file, in, ranks);
    long count = 1;
    for (int dim : dims) {
      count *= dim;
    }
    if (count > mostBytes) {
      throw new DataException(
          file, "expected %,d values, found a file too short to hold them".formatted(count));
    }
    byte[] values = new byte[(int) count]; // readNBytes(int) would hold them twice
    int found = in.readNBytes(values, 0, values.length);
    if (found < count) {
      throw new DataException(file, "expected %,d values, found %,d".formatted(count, found));
    }
    if (in.read() != -1) {
      throw new DataException(
          file, "expected the end after %,d values, found more".formatted(count));
    }
    return new IdxArray(dims, values);
  }

  /**
   * Reads the header of an unpacked IDX file of unsigned bytes, and no further.
   *
   * @param ranks the numbers of dimensions that will do
   * @return the size of each dimension
   */
  public static int[] dimensions(Path file, InputStream in, int... ranks) throws IOException {
    byte[] magic = in.readNBytes(4);
    int found = magic.length < 4 ? 0 : ByteBuffer.wrap(magic).getInt();
    int rank =
        IntStream.of(ranks).filter(each -> magic(each) == found).findFirst().orElse(ranks[0]);
    if (magic.length == 0 || (magic.length == 4 && found != magic(rank))) {
      String expected =
          IntStream.of(ranks)
              .mapToObj(each -> "0x%08x".formatted(magic(each)))
              .collect(Collectors.joining(" or "));
      byte[] head = Arrays.copyOf(magic, FileKind.HEAD);
      int more = in.readNBytes(head, magic.length, FileKind.HEAD - magic.length);
      String instead =
          FileKind.of(Arrays.copyOf(head, magic.length + more))
              .map(FileKind::toString)
              .orElse("0x%08x".formatted(found));
      throw new DataException(
          file, "expected the magic number %s, found %s".formatted(expected, instead));
    }
    byte[] sizes = in.readNBytes(4 * rank);
    if (sizes.length < 4 * rank) {
      throw new DataException(
          file,
          "expected a header of %d bytes, found %d"
              .formatted(4 + 4 * rank, magic.length + sizes.length));
    }
    ByteBuffer header = ByteBuffer.wrap(sizes);
    int[] dims = new int[rank];
    long count = 1;
    for (int i = 0; i < rank; i++) {
      dims[i] = header.getInt();
      if (dims[i] < 1 || (count *= dims[i]) > MOST_VALUES) {
        throw new DataException(
            file,
            "expected dimensions of at most %,d values in all, found %,d as number %d"
                .formatted(MOST_VALUES, Integer.toUnsignedLong(dims[i]), i + 1));
      }
    }
    return dims;
  }

  private static int magic(int rank) {
    return UNSIGNED_BYTE << 8 | rank;
  }

  /**
   * The shape of each image of a file of dimensions [n, h, w] or [n, h, w, 1 or 3]; others are
   * refused.
   */
  public static ImageShape shape(Path file, int[] dims) throws DataException {
    return ImageShape.of(Arrays.copyOfRange(dims, 1, dims.length))
        .orElseThrow(
            () ->
                new DataException(file, "expected 1 or 3 channels, found %,d".formatted(dims[3])));
  }

  /** A gzip stream over one array that can tell what it left unread; Java's own ignores garbage. */
  private static final class StrictGzipStream extends GZIPInputStream {
    private static final int TRAILER_BYTES = 8;

    StrictGzipStream(byte[] contents) throws IOException {
      super(new ByteArrayInputStream(contents), contents.length);
    }

    /** Once the stream has ended: how many bytes follow the last member's trailer. */
    int bytesAfterEnd() {
      return inf.getRemaining() - TRAILER_BYTES;
    }
  }
}

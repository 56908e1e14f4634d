package vae.mnist;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;
import vae.files.FileKind;
import vae.tensor.ImageShape;
import vae.tensor.Values;

/** Decodes image files whole: PNG and JPEG. */
public final class ImageFile {
  private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

  private static final byte[] JPEG = {(byte) 0xff, (byte) 0xd8, (byte) 0xff};

  /** The widest input that a network may have. */
  private static final long MOST_PIXELS = 65_536;

  /** What a telephone's camera makes, and more. */
  private static final long MOST_PIXELS_OF_PHOTO = 1 << 26;

  private ImageFile() {}

  record Size(int width, int height) {
    @Override
    public String toString() {
      return width + "x" + height;
    }
  }

  /** The size of an image, once all of it has been decoded. */
  static Size decode(byte[] contents) throws BadLineException {
    BufferedImage picture = picture(contents);
    return new Size(picture.getWidth(), picture.getHeight());
  }

  /** An image's values, from black, 0, to full, 255, and how they lie. */
  public record Pixels(ImageShape shape, byte[] pixels) {}

  /**
   * Reads at least one file, and a label for each. All have the shape of the first, which is as for
   * {@link #pixels}.
   */
  public static Images read(List<Path> files, Labels labels, int... taken) throws DataException {
    Optional<ImageShape> shape = Optional.empty();
    byte[] all = new byte[0];
    for (int i = 0; i < files.size(); i++) {
      Path file = files.get(i);
      try {
        int[] expected = shape.map(ImageShape::tensor).orElse(taken);
        Pixels image = pixels(DataFile.bytes(file), expected);
        if (shape.isEmpty()) {
          shape = Optional.of(image.shape);
          all = new byte[Math.multiplyExact(files.size(), image.pixels.length)];
        }
        System.arraycopy(image.pixels, 0, all, i * image.pixels.length, image.pixels.length);
      } catch (BadLineException e) {
        throw new DataException(file, String.valueOf(e.getMessage()));
      }
    }
    return new Images(shape.orElseThrow(), all, labels);
  }

  /**
   * Decodes an image: in colour if whoever takes it needs three values a pixel, else as grey.
   *
   * @param taken the shape that it must have, as a tensor's without the batch; of [n] any image of
   *     n values will do
   * @throws BadLineException if it has another, is neither PNG nor JPEG, damaged, or too large
   */
  public static Pixels pixels(byte[] contents, int... taken) throws BadLineException {
    BufferedImage picture = picture(contents);
    ImageShape shape = ImageShape.taken(picture.getWidth(), picture.getHeight(), taken);
    if (!shape.fits(taken)) {
      throw new BadLineException(
          "expected an image of shape %s, found %s".formatted(Values.text(taken), shape));
    }
    return new Pixels(shape, PixelBytes.of(picture, shape.channels()));
  }

  /**
   * A photo, turned as its camera was held, and made smaller while it is decoded: its longer side
   * has at most {@code side} pixels.
   */
  static GreyPicture photo(byte[] contents, int side) throws BadLineException {
    BufferedImage picture = picture(contents, MOST_PIXELS_OF_PHOTO, side);
    var grey =
        new GreyPicture(
            picture.getWidth(), picture.getHeight(), Images.unit(PixelBytes.of(picture, 1)));
    return startsWith(contents, JPEG) ? grey.upright(JpegHeader.of(contents).orientation()) : grey;
  }

  private static BufferedImage picture(byte[] contents) throws BadLineException {
    return picture(contents, MOST_PIXELS, Integer.MAX_VALUE);
  }

  private static BufferedImage picture(byte[] contents, long most, int side)
      throws BadLineException {
    if (startsWith(contents, PNG)) {
      requireWholeChunks(contents);
      return picture(contents, "png", most, side);
    }
    if (startsWith(contents, JPEG)) {
      // Of what is made for printers Java turns the inks into some colours, and TensorFlow fails.
      if (JpegHeader.of(contents).components() == JpegHeader.INKS) {
        throw new BadLineException(
            "expected an image in grey or RGB, found a JPEG in CMYK: convert it first");
      }
      return picture(contents, "jpeg", most, side);
    }
    throw new BadLineException(
        "expected a PNG or JPEG image, found "
            + FileKind.of(Arrays.copyOf(contents, Math.min(contents.length, FileKind.HEAD)))
                .map(FileKind::toString)
                .orElse("a file of another kind"));
  }

  private static BufferedImage picture(byte[] contents, String format, long most, int side)
      throws BadLineException {
    ImageReader reader = ImageIO.getImageReadersByFormatName(format).next();
    try (var in = new MemoryCacheImageInputStream(new ByteArrayInputStream(contents))) {
      List<String> warnings = new ArrayList<>();
      reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
      reader.setInput(in, true, true);
      Size size = new Size(reader.getWidth(0), reader.getHeight(0));
      if ((long) size.width * size.height > most) {
        throw new BadLineException(
            "expected an image of at most %,d pixels, found %s".formatted(most, size));
      }
      ImageReadParam smaller = reader.getDefaultReadParam();
      int step = (int) Math.ceil((double) Math.max(size.width, size.height) / side);
      smaller.setSourceSubsampling(step, step, 0, 0);
      BufferedImage picture = reader.read(0, smaller);
      // A truncated JPEG is a warning to Java, and an error to TensorFlow.
      if (format.equals("jpeg") && !warnings.isEmpty()) {
        throw damaged(format, warnings.get(0));
      }
      return picture;
    } catch (IOException | RuntimeException e) { // Nonsense makes Java's readers throw both kinds.
      throw damaged(format, String.valueOf(e.getMessage()));
    } finally {
      reader.dispose();
    }
  }

  /**
   * Checks what Java's reader of PNG leaves unchecked and TensorFlow's does not: that each chunk is
   * there with the right sum, up to the last.
   */
  private static void requireWholeChunks(byte[] contents) throws BadLineException {
    ByteBuffer chunks = ByteBuffer.wrap(contents).position(PNG.length);
    String type = "";
    while (!type.equals("IEND")) {
      int length = chunks.remaining() < 12 ? -1 : chunks.getInt();
      if (length < 0 || length > chunks.remaining() - 8) {
        throw damaged("png", "it ends early");
      }
      var sum = new CRC32();
      sum.update(contents, chunks.position(), 4 + length);
      byte[] name = new byte[4];
      chunks.get(name).position(chunks.position() + length);
      type = new String(name, StandardCharsets.ISO_8859_1);
      if (chunks.getInt() != (int) sum.getValue()) {
        throw damaged("png", "a chunk has a wrong sum");
      }
    }
  }

  private static BadLineException damaged(String format, String how) {
    return new BadLineException(
        "expected a whole %s image, found it damaged (%s)"
            .formatted(format.toUpperCase(Locale.ROOT), how));
  }

  private static boolean startsWith(byte[] contents, byte[] start) {
    return contents.length >= start.length
        && Arrays.equals(contents, 0, start.length, start, 0, start.length);
  }
}

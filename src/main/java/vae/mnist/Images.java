package vae.mnist;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.IntStream;
import vae.files.FileSums;
import vae.tensor.ElementType;
import vae.tensor.ImageShape;
import vae.tensor.Values;

/**
 * Images with their labels, if they have any, all of one shape, held as bytes. Pixels are given out
 * as pixel/255 in float32, in [0, 1], not binarised, which is what the graph is fed.
 */
public final class Images {
  private static final float[] UNIT = new float[256];

  static {
    for (int pixel = 0; pixel < 256; pixel++) {
      UNIT[pixel] = pixel / 255f;
    }
  }

  private final ImageShape shape;
  private final int pixelsPerImage;
  private final byte[] pixels;
  private final Labels labels;

  /**
   * Takes ownership of the pixels: one image after another, each row by row, of each pixel its
   * channels.
   *
   * @throws IllegalArgumentException if pixels and labels don't agree
   */
  public Images(ImageShape shape, byte[] pixels, Labels labels) {
    this.pixelsPerImage = shape.size();
    if (pixelsPerImage < 1 || pixels.length != (long) pixelsPerImage * labels.count()) {
      throw new IllegalArgumentException(
          "expected %,d labels times %,d pixels, found %,d pixels"
              .formatted(labels.count(), pixelsPerImage, pixels.length));
    }
    this.shape = shape;
    this.pixels = pixels;
    this.labels = labels;
  }

  /** Bytes as pixel/255. */
  public static float[] unit(byte[] bytes) {
    float[] values = new float[bytes.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = UNIT[bytes[i] & 0xff];
    }
    return values;
  }

  /** Some of the images, {@code from} to {@code to}. */
  public Images part(int from, int to) {
    return new Images(
        shape,
        Arrays.copyOfRange(pixels, from * pixelsPerImage, to * pixelsPerImage),
        labels.part(from, to));
  }

  /** The same images with other labels, as many. */
  public Images with(Labels others) {
    return new Images(shape, pixels, others);
  }

  /** How many images there are. */
  public int count() {
    return labels.count();
  }

  /** The SHA-256 of the IDX file, unpacked, that holds these images: MNIST's is known by it. */
  public String sha256() {
    int[] dims = shape.tensor();
    ByteBuffer header = ByteBuffer.allocate(8 + 4 * dims.length);
    header.putInt(0x0801 + dims.length).putInt(count());
    IntStream.of(dims).forEach(header::putInt);
    return FileSums.sha256(header.flip(), ByteBuffer.wrap(pixels));
  }

  /** The shape of each. */
  public ImageShape shape() {
    return shape;
  }

  /** The values of each: rows times columns times channels. */
  public int pixelsPerImage() {
    return pixelsPerImage;
  }

  /** Their labels. */
  public Labels labels() {
    return labels;
  }

  /** A copy of an image's bytes, row by row, of each pixel its channels. */
  public byte[] bytes(int image) {
    int from = image * pixelsPerImage;
    return Arrays.copyOfRange(pixels, from, from + pixelsPerImage);
  }

  /** The pixels of the first images, in [0, 1], [count][pixelsPerImage]. */
  public float[][] rows(int count) {
    float[][] rows = new float[count][pixelsPerImage];
    for (int i = 0; i < count; i++) {
      copyPixels(i, rows[i], 0);
    }
    return rows;
  }

  /** The pixels of images {@code from} to {@code to}, in [0, 1], [count, pixelsPerImage]. */
  public Values values(int from, int to) {
    Values values = Values.empty(ElementType.FLOAT, to - from, pixelsPerImage);
    copyValues(from, values);
    return values;
  }

  /** Writes the pixels of the images from one on, in [0, 1], [count, pixelsPerImage]. */
  public void copyValues(int from, Values target) {
    for (int i = 0; i < target.rows(); i++) {
      copyPixels(from + i, target.floats(), i * pixelsPerImage);
    }
  }

  /** Writes the pixels of an image, in [0, 1], to {@code target} from {@code offset} on. */
  public void copyPixels(int image, float[] target, int offset) {
    int from = image * pixelsPerImage;
    for (int i = 0; i < pixelsPerImage; i++) {
      target[offset + i] = UNIT[pixels[from + i] & 0xff];
    }
  }
}

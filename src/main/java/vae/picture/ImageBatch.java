package vae.picture;

import java.util.Arrays;
import vae.tensor.ImageShape;
import vae.tensor.PixelRange;
import vae.tensor.Values;

/** Images of one shape to look at, one after another in [0, 1]; NaN where none is to be shown. */
public record ImageBatch(ImageShape shape, float[] values) {
  private static final int BLACK_TO_WHITE = 255;

  /**
   * Of rows of values, brought into [0, 1] as by {@link #unit}.
   *
   * @throws IllegalArgumentException if a row is no image; see {@link ImageShape#of}
   */
  public static ImageBatch of(Values images) {
    ImageShape shape =
        ImageShape.of(images.rowShape())
            .orElseThrow(() -> new IllegalArgumentException("expected images, found " + images));
    return new ImageBatch(shape, unit(images).floats());
  }

  /** The same values in [0, 1]; see {@link PixelRange#of}. */
  public static Values unit(Values images) {
    float[] values = images.floats();
    return Values.wrap(images.type(), PixelRange.of(values).unit(values), images.shape());
  }

  public ImageBatch part(int image) {
    return new ImageBatch(
        shape, Arrays.copyOfRange(values, image * shape.size(), (image + 1) * shape.size()));
  }

  /** Whether in one's place there is to be none. */
  boolean isNone(int image) {
    return Float.isNaN(values[image * shape.size()]);
  }

  public int count() {
    return values.length / shape.size();
  }

  /** A pixel as red, green and blue, a byte each. */
  int rgb(int image, int x, int y) {
    int at = (image * shape.height() + y) * shape.width() + x;
    if (shape.channels() == 1) {
      return level(values[at]) * 0x010101;
    }
    int first = at * shape.channels();
    return level(values[first]) << 16 | level(values[first + 1]) << 8 | level(values[first + 2]);
  }

  /** The mean of a pixel's channels, in [0, 1]. */
  float grey(int image, int x, int y) {
    float sum = 0;
    int at = ((image * shape.height() + y) * shape.width() + x) * shape.channels();
    for (int channel = 0; channel < shape.channels(); channel++) {
      sum += Math.min(1, Math.max(0, values[at + channel]));
    }
    return sum / shape.channels();
  }

  private static int level(float value) {
    return Math.round(BLACK_TO_WHITE * Math.min(1, Math.max(0, value)));
  }
}

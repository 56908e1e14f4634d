package vae.picture;

import java.util.Arrays;
import java.util.Optional;

/**
 * How an image's values lie: row by row, and of each pixel its channels.
 *
 * @param width in pixels
 * @param height in pixels
 * @param channels 1 for grey, 3 for red, green and blue
 */
public record ImageShape(int width, int height, int channels) {
  private static final int COLOURS = 3;

  /**
   * Of a tensor's shape.
   *
   * @param shape [h, w], [h, w, 1], [h, w, 3], or [n] of a square number: without the batch
   * @return nothing for values that are no image
   */
  public static Optional<ImageShape> of(int... shape) {
    if (shape.length == 1) {
      int side = (int) Math.round(Math.sqrt(shape[0]));
      return side > 1 && side * side == shape[0]
          ? Optional.of(new ImageShape(side, side, 1))
          : Optional.empty();
    }
    boolean isImage =
        shape.length == 2 || (shape.length == 3 && (shape[2] == 1 || shape[2] == COLOURS));
    return isImage && Arrays.stream(shape).allMatch(size -> size > 0)
        ? Optional.of(new ImageShape(shape[1], shape[0], shape.length == 2 ? 1 : shape[2]))
        : Optional.empty();
  }

  /** How many values it has. */
  public int size() {
    return width * height * channels;
  }
}

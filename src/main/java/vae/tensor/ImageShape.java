package vae.tensor;

import java.util.Arrays;
import java.util.Optional;

/**
 * How an image's values lie: row by row, and of each pixel its channels, 1 for grey, 3 for red,
 * green and blue.
 */
public record ImageShape(int width, int height, int channels) {
  private static final int COLOURS = 3;

  /** Of a grey image. */
  public static ImageShape grey(int width, int height) {
    return new ImageShape(width, height, 1);
  }

  /**
   * Of a tensor's shape.
   *
   * @param shape [h, w], [h, w, 1], [h, w, 3], or [n] of a square number: without the batch
   * @return nothing for values that are no image
   */
  public static Optional<ImageShape> of(int... shape) {
    if (shape.length == 1) {
      int side = (int) Math.round(Math.sqrt(shape[0]));
      return side > 1 && side * side == shape[0] ? Optional.of(grey(side, side)) : Optional.empty();
    }
    boolean isImage =
        shape.length == 2 || (shape.length == 3 && (shape[2] == 1 || shape[2] == COLOURS));
    return isImage && Arrays.stream(shape).allMatch(size -> size > 0)
        ? Optional.of(new ImageShape(shape[1], shape[0], shape.length == 2 ? 1 : shape[2]))
        : Optional.empty();
  }

  /**
   * Of a picture as whoever takes tensors of a shape, without the batch, needs it: in colour if
   * that takes three values a pixel, else grey.
   */
  public static ImageShape taken(int width, int height, int... taken) {
    var colour = new ImageShape(width, height, COLOURS);
    boolean isColour =
        taken.length == 1
            ? colour.size() == taken[0]
            : of(taken).filter(shape -> shape.channels == COLOURS).isPresent();
    return isColour ? colour : grey(width, height);
  }

  /**
   * Whether a tensor of this shape, without the batch, holds such images: one of its own shape, or
   * one that tells no shape, of as many values.
   */
  public boolean fits(int... tensor) {
    if (tensor.length > 1 && of(tensor).isPresent()) {
      return of(tensor).get().equals(this);
    }
    boolean mayBeColour = tensor.length == 1; // Others may have their channels elsewhere.
    return (channels == 1 || mayBeColour)
        && size() == Arrays.stream(tensor).reduce(1, Math::multiplyExact);
  }

  /** How many values it has. */
  public int size() {
    return width * height * channels;
  }

  /** The shape of its tensor, [h, w] or [h, w, 3]. */
  public int[] tensor() {
    return channels == 1 ? new int[] {height, width} : new int[] {height, width, channels};
  }

  /** As {@link #tensor} is written, {@code [32,32,3]}. */
  @Override
  public String toString() {
    return Values.text(tensor());
  }
}

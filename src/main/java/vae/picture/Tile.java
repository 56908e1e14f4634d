package vae.picture;

/** The layout of one image's pixels. */
final class Tile {
  private Tile() {}

  /** The width of an image: the side of its square, or all of its pixels if it is none. */
  static int width(int pixels) {
    int side = (int) Math.round(Math.sqrt(pixels));
    return side * side == pixels ? side : pixels;
  }
}

package vae.picture;

import java.awt.image.BufferedImage;

/** Lays grey images out side by side, each pixel a crisp square, white on black. */
public final class Tiling {
  private static final int GAP = 8;
  private static final int MOST_COLUMNS = 10;

  /** Dark grey, so that the images' own black can be told from the ground. */
  private static final int GROUND = 0x303030;

  private Tiling() {}

  /**
   * A picture of images in rows of at most ten.
   *
   * @param images values in [0, 1], [count][pixels], square where the pixels allow it
   * @param scale the side of a pixel's square
   */
  public static BufferedImage of(float[][] images, int scale) {
    return of(images, scale, Math.min(images.length, MOST_COLUMNS), GAP);
  }

  /**
   * The same with as many columns as are asked for.
   *
   * @param gap between two images and around them all, in pixels of the picture
   */
  public static BufferedImage of(float[][] images, int scale, int columns, int gap) {
    int rows = (images.length + columns - 1) / columns;
    int width = Tile.width(images[0].length);
    int height = images[0].length / width;
    int cellWidth = width * scale + gap;
    int cellHeight = height * scale + gap;
    var picture =
        new BufferedImage(
            columns * cellWidth + gap, rows * cellHeight + gap, BufferedImage.TYPE_INT_RGB);
    fill(picture, 0, 0, picture.getWidth(), picture.getHeight(), GROUND);
    for (int i = 0; i < images.length; i++) {
      int left = gap + i % columns * cellWidth;
      int top = gap + i / columns * cellHeight;
      for (int pixel = 0; pixel < images[i].length; pixel++) {
        fill(
            picture,
            left + pixel % width * scale,
            top + pixel / width * scale,
            scale,
            scale,
            grey(images[i][pixel]));
      }
    }
    return picture;
  }

  private static int grey(float value) {
    int level = Math.round(255 * Math.min(1, Math.max(0, value)));
    return level << 16 | level << 8 | level;
  }

  private static void fill(
      BufferedImage picture, int left, int top, int width, int height, int rgb) {
    for (int y = top; y < top + height; y++) {
      for (int x = left; x < left + width; x++) {
        picture.setRGB(x, y, rgb);
      }
    }
  }
}

package vae.picture;

import java.awt.image.BufferedImage;

/** Lays images out side by side, each pixel a crisp square. */
public final class Tiling {
  private static final int GAP = 8;
  private static final int MOST_COLUMNS = 10;

  /** Dark grey, so that the images' own black can be told from the ground. */
  private static final int GROUND = 0x303030;

  private Tiling() {}

  /** A picture of images in rows of at most ten, each pixel a square of side {@code scale}. */
  public static BufferedImage of(ImageBatch images, int scale) {
    return of(images, scale, Math.min(images.count(), MOST_COLUMNS), GAP);
  }

  /** The same with so many columns, and a gap in pixels between two images and around them all. */
  public static BufferedImage of(ImageBatch images, int scale, int columns, int gap) {
    int rows = (images.count() + columns - 1) / columns;
    int width = images.shape().width();
    int height = images.shape().height();
    int cellWidth = width * scale + gap;
    int cellHeight = height * scale + gap;
    var picture =
        new BufferedImage(
            columns * cellWidth + gap, rows * cellHeight + gap, BufferedImage.TYPE_INT_RGB);
    fill(picture, 0, 0, picture.getWidth(), picture.getHeight(), GROUND);
    for (int i = 0; i < images.count(); i++) {
      if (images.isNone(i)) {
        continue;
      }
      int left = gap + i % columns * cellWidth;
      int top = gap + i / columns * cellHeight;
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          fill(picture, left + x * scale, top + y * scale, scale, scale, images.rgb(i, x, y));
        }
      }
    }
    return picture;
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

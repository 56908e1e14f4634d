package vae.mnist;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;

/** A picture's pixels as bytes of grey. */
final class GreyPixels {
  private GreyPixels() {}

  /** From black, 0, to white, 255, row by row. */
  static byte[] of(BufferedImage picture) {
    int width = picture.getWidth();
    int height = picture.getHeight();
    byte[] grey = new byte[width * height];
    Raster raster = picture.getRaster();
    ColorModel colours = picture.getColorModel();
    boolean plain = raster.getNumBands() == 1 && !(colours instanceof IndexColorModel);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        // getRGB would take a grey file's values for light, and change them.
        int value =
            plain
                ? raster.getSample(x, y, 0) * 255 / ((1 << colours.getComponentSize(0)) - 1)
                : luma(picture.getRGB(x, y));
        grey[y * width + x] = (byte) value;
      }
    }
    return grey;
  }

  /** ITU-R BT.601's, over a white ground where the picture is transparent. */
  private static int luma(int argb) {
    double alpha = (argb >>> 24) / 255.0;
    double light = 0.299 * (argb >> 16 & 0xff) + 0.587 * (argb >> 8 & 0xff) + 0.114 * (argb & 0xff);
    return (int) Math.round(alpha * light + (1 - alpha) * 255);
  }
}

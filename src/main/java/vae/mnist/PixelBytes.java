package vae.mnist;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.util.Arrays;

/** A picture's pixels as bytes. */
final class PixelBytes {
  private static final int WHITE = 255;

  private PixelBytes() {}

  /**
   * From black, 0, to white, 255, row by row, one channel for grey or three; over a white ground
   * where the picture is transparent.
   */
  static byte[] of(BufferedImage picture, int channels) {
    int width = picture.getWidth();
    int height = picture.getHeight();
    byte[] bytes = new byte[width * height * channels];
    Raster raster = picture.getRaster();
    ColorModel colours = picture.getColorModel();
    boolean plain = raster.getNumBands() == 1 && !(colours instanceof IndexColorModel);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int at = (y * width + x) * channels;
        if (plain) {
          // getRGB would take a grey file's values for light, and change them.
          int most = (1 << colours.getComponentSize(0)) - 1;
          byte grey = (byte) (raster.getSample(x, y, 0) * WHITE / most);
          Arrays.fill(bytes, at, at + channels, grey);
          continue;
        }
        int argb = picture.getRGB(x, y);
        double alpha = (argb >>> 24) / 255.0;
        for (int channel = 0; channel < channels; channel++) {
          double light = channels == 1 ? luma(argb) : argb >> (16 - 8 * channel) & 0xff;
          bytes[at + channel] = (byte) Math.round(alpha * light + (1 - alpha) * WHITE);
        }
      }
    }
    return bytes;
  }

  /** ITU-R BT.601's. */
  private static double luma(int argb) {
    return 0.299 * (argb >> 16 & 0xff) + 0.587 * (argb >> 8 & 0xff) + 0.114 * (argb & 0xff);
  }
}

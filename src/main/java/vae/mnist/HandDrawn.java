package vae.mnist;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import vae.tensor.ImageShape;

/**
 * Pictures of single digits made as MNIST's are (LeCun, Cortes and Burges): white on black, fitted
 * into 20 × 20 pixels, and put into 28 × 28 with the centre of their mass in the middle.
 */
public final class HandDrawn {
  private static final int SIDE = 28;

  /** What comes of them. */
  public static final ImageShape SHAPE = ImageShape.grey(SIDE, SIDE);

  private static final int BOX = 20;

  /** Below this share of the brightest pixel a pixel is ground: scans and JPEGs are never black. */
  private static final double GROUND = 0.2;

  private HandDrawn() {}

  /**
   * Reads a PNG or JPEG file. One of 28 × 28 with a black edge is taken as it is.
   *
   * @return of {@link #SHAPE}, from black, 0, to white, 255
   * @throws DataException if it is not such a picture, or shows nothing
   */
  public static byte[] read(Path file) throws DataException {
    try {
      return of(file, ImageFile.picture(IdxReader.contents(file)));
    } catch (BadLineException e) {
      throw new DataException(file, String.valueOf(e.getMessage()));
    }
  }

  private static byte[] of(Path file, BufferedImage picture) throws DataException {
    int width = picture.getWidth();
    int height = picture.getHeight();
    byte[] grey = PixelBytes.of(picture, 1);
    double edge = meanOfEdge(grey, width, height);
    if (width == SIDE && height == SIDE && edge == 0) {
      return grey;
    }
    float[] ink = Images.unit(grey);
    if (edge > 127) {
      for (int i = 0; i < ink.length; i++) {
        ink[i] = 1 - ink[i];
      }
    }
    stretch(ink);
    int[] box = box(ink, width, height);
    if (box.length == 0) {
      throw new DataException(file, "expected a digit on an even ground, found nothing on it");
    }
    return centred(fitted(ink, width, box));
  }

  private static double meanOfEdge(byte[] grey, int width, int height) {
    double sum = 0;
    int count = 0;
    for (int i = 0; i < grey.length; i++) {
      int x = i % width;
      int y = i / width;
      if (x == 0 || y == 0 || x == width - 1 || y == height - 1) {
        sum += grey[i] & 0xff;
        count++;
      }
    }
    return sum / count;
  }

  /** Makes the ground black and the brightest pixel white. */
  private static void stretch(float[] ink) {
    float most = 0;
    for (float value : ink) {
      most = Math.max(most, value);
    }
    for (int i = 0; i < ink.length; i++) {
      double above = most == 0 ? 0 : ink[i] / most;
      ink[i] = (float) Math.max(0, (above - GROUND) / (1 - GROUND));
    }
  }

  /** Left, top, width and height of what is not ground; empty if all is. */
  private static int[] box(float[] ink, int width, int height) {
    int left = width;
    int top = height;
    int right = -1;
    int bottom = -1;
    for (int i = 0; i < ink.length; i++) {
      if (ink[i] > 0) {
        left = Math.min(left, i % width);
        right = Math.max(right, i % width);
        top = Math.min(top, i / width);
        bottom = Math.max(bottom, i / width);
      }
    }
    return right < 0 ? new int[0] : new int[] {left, top, right - left + 1, bottom - top + 1};
  }

  /** The box scaled so that its longer side is 20 pixels, each the mean of what it covers. */
  private static BufferedImage fitted(float[] ink, int width, int[] box) {
    var cut = new BufferedImage(box[2], box[3], BufferedImage.TYPE_BYTE_GRAY);
    for (int y = 0; y < box[3]; y++) {
      for (int x = 0; x < box[2]; x++) {
        float value = ink[(box[1] + y) * width + box[0] + x];
        cut.getRaster().setSample(x, y, 0, Math.round(255 * value));
      }
    }
    double scale = (double) BOX / Math.max(box[2], box[3]);
    BufferedImage scaled = cut;
    // Halving first: a single bilinear step would skip pixels of large pictures.
    while (scaled.getWidth() * 1.0 / box[2] > 2 * scale) {
      scaled =
          resized(scaled, Math.max(1, scaled.getWidth() / 2), Math.max(1, scaled.getHeight() / 2));
    }
    return resized(
        scaled,
        Math.max(1, (int) Math.round(box[2] * scale)),
        Math.max(1, (int) Math.round(box[3] * scale)));
  }

  private static BufferedImage resized(BufferedImage picture, int width, int height) {
    var resized = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    Graphics2D g = resized.createGraphics();
    g.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    g.drawImage(picture, 0, 0, width, height, null);
    g.dispose();
    return resized;
  }

  private static byte[] centred(BufferedImage digit) {
    double mass = 0;
    double x = 0;
    double y = 0;
    for (int row = 0; row < digit.getHeight(); row++) {
      for (int column = 0; column < digit.getWidth(); column++) {
        int value = digit.getRaster().getSample(column, row, 0);
        mass += value;
        x += value * (column + 0.5);
        y += value * (row + 0.5);
      }
    }
    // MNIST's centres of mass lie between 14 and 15 pixels from the left and from the top.
    int left = clamp((int) Math.ceil(SIDE / 2.0 - x / mass), SIDE - digit.getWidth());
    int top = clamp((int) Math.ceil(SIDE / 2.0 - y / mass), SIDE - digit.getHeight());
    byte[] pixels = new byte[SIDE * SIDE];
    for (int row = 0; row < digit.getHeight(); row++) {
      for (int column = 0; column < digit.getWidth(); column++) {
        pixels[(top + row) * SIDE + left + column] =
            (byte) digit.getRaster().getSample(column, row, 0);
      }
    }
    return pixels;
  }

  private static int clamp(int value, int most) {
    return Math.max(0, Math.min(most, value));
  }
}

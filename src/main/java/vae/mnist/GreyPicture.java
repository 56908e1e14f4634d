package vae.mnist;

/**
 * A picture in grey.
 *
 * @param light from black, 0, to white, 1, row by row
 */
record GreyPicture(int width, int height, float[] light) {
  /** An empty one. */
  GreyPicture(int width, int height) {
    this(width, height, new float[width * height]);
  }

  float at(int x, int y) {
    return light[y * width + x];
  }

  /**
   * The picture as whoever held the camera saw it.
   *
   * @param orientation Exif's number, 1 to 8; others count as 1, upright
   */
  GreyPicture upright(int orientation) {
    boolean isOnItsSide = orientation >= 5 && orientation <= 8;
    var upright = new GreyPicture(isOnItsSide ? height : width, isOnItsSide ? width : height);
    for (int i = 0; i < light.length; i++) {
      int x = i % upright.width;
      int y = i / upright.width;
      upright.light[i] =
          switch (orientation) {
            case 2 -> at(width - 1 - x, y);
            case 3 -> at(width - 1 - x, height - 1 - y);
            case 4 -> at(x, height - 1 - y);
            case 5 -> at(y, x);
            case 6 -> at(y, height - 1 - x);
            case 7 -> at(width - 1 - y, height - 1 - x);
            case 8 -> at(width - 1 - y, x);
            default -> at(x, y);
          };
    }
    return upright;
  }

  /** In another size: each pixel is the mean of what it covers. */
  GreyPicture resized(int newWidth, int newHeight) {
    var across = new GreyPicture(newWidth, height);
    for (int x = 0; x < newWidth; x++) {
      double from = (double) x * width / newWidth;
      double to = (double) (x + 1) * width / newWidth;
      for (int y = 0; y < height; y++) {
        across.light[y * newWidth + x] = mean(y * width, 1, from, to, width);
      }
    }
    var resized = new GreyPicture(newWidth, newHeight);
    for (int y = 0; y < newHeight; y++) {
      double from = (double) y * height / newHeight;
      double to = (double) (y + 1) * height / newHeight;
      for (int x = 0; x < newWidth; x++) {
        resized.light[y * newWidth + x] = across.mean(x, newWidth, from, to, height);
      }
    }
    return resized;
  }

  /** Of the pixels of a row or a column between two places, those at the ends by their shares. */
  private float mean(int first, int step, double from, double to, int count) {
    double sum = 0;
    for (int at = (int) from; at < Math.min(count, Math.ceil(to)); at++) {
      sum += light[first + at * step] * (Math.min(to, at + 1) - Math.max(from, at));
    }
    return (float) (sum / (to - from));
  }
}

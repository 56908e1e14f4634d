package vae.mnist;

/** A picture in grey, row by row, from black, 0, to white, 1. */
record GreyPicture(int width, int height, float[] light) {
  GreyPicture(int width, int height) {
    this(width, height, new float[width * height]);
  }

  float at(int x, int y) {
    return light[y * width + x];
  }

  /** The picture as whoever held the camera saw it, by Exif's number, 1 to 8. */
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

  /** Rows as columns. */
  GreyPicture transposed() {
    return upright(5);
  }

  /** In another size: each pixel is the mean of what it covers. */
  GreyPicture resized(int newWidth, int newHeight) {
    return resized(newWidth).transposed().resized(newHeight).transposed();
  }

  /** In another width. Pixels that are covered in part count by their shares. */
  private GreyPicture resized(int newWidth) {
    var resized = new GreyPicture(newWidth, height);
    for (int x = 0; x < newWidth; x++) {
      double from = (double) x * width / newWidth;
      double to = (double) (x + 1) * width / newWidth;
      for (int y = 0; y < height; y++) {
        double sum = 0;
        for (int at = (int) from; at < Math.min(width, Math.ceil(to)); at++) {
          sum += at(at, y) * (Math.min(to, at + 1) - Math.max(from, at));
        }
        resized.light[y * newWidth + x] = (float) (sum / (to - from));
      }
    }
    return resized;
  }
}

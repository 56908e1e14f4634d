package vae.mnist;

/**
 * A picture in grey.
 *
 * @param light from black, 0, to white, 1, row by row
 */
@SuppressWarnings("ArrayRecordComponent") // Only read; never compared.
record GreyPicture(int width, int height, float[] light) {
  /** An empty one. */
  GreyPicture(int width, int height) {
    this(width, height, new float[width * height]);
  }

  float at(int x, int y) {
    return light[y * width + x];
  }

  /** The picture as it was seen by whom held the camera so. */
  GreyPicture turned(Orientation orientation) {
    GreyPicture turned = orientation.mirrored() ? mirrored() : this;
    for (int i = 0; i < orientation.quarters(); i++) {
      turned = turned.turnedOnce();
    }
    return turned;
  }

  private GreyPicture mirrored() {
    var mirrored = new GreyPicture(width, height);
    for (int i = 0; i < light.length; i++) {
      mirrored.light[i] = at(width - 1 - i % width, i / width);
    }
    return mirrored;
  }

  /** Clockwise: what was the left edge is the top. */
  private GreyPicture turnedOnce() {
    var turned = new GreyPicture(/* width= */ height, /* height= */ width);
    for (int i = 0; i < light.length; i++) {
      turned.light[i] = at(i / height, height - 1 - i % height);
    }
    return turned;
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

package vae.evaluate;

/**
 * An image by its pixels that are not black, and where they are: four fifths of MNIST's are black.
 */
record SparseImage(int[] at, float[] values) {
  static SparseImage of(float[] pixels) {
    int count = 0;
    for (float pixel : pixels) {
      count += pixel != 0 ? 1 : 0;
    }
    int[] at = new int[count];
    float[] values = new float[count];
    int next = 0;
    for (int i = 0; i < pixels.length; i++) {
      if (pixels[i] != 0) {
        at[next] = i;
        values[next++] = pixels[i];
      }
    }
    return new SparseImage(at, values);
  }

  static SparseImage[] of(float[][] images) {
    SparseImage[] sparse = new SparseImage[images.length];
    for (int i = 0; i < sparse.length; i++) {
      sparse[i] = of(images[i]);
    }
    return sparse;
  }

  /** x · other. */
  double dot(float[] other) {
    double sum = 0;
    for (int i = 0; i < at.length; i++) {
      sum += values[i] * other[at[i]];
    }
    return sum;
  }

  /** ‖x‖². */
  double squaredNorm() {
    double sum = 0;
    for (float value : values) {
      sum += value * value;
    }
    return sum;
  }
}

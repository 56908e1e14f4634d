package vae.spark;

/** Values as Spark's rows take them. */
final class Columns {
  private Columns() {}

  /** An array of floats; Spark takes none of primitives. */
  static Float[] floats(float[] values) {
    Float[] boxed = new Float[values.length];
    for (int i = 0; i < boxed.length; i++) {
      boxed[i] = values[i];
    }
    return boxed;
  }

  /** An image in [0, 1] as bytes from black, 0, to white, 255. */
  static byte[] pixels(float[] image) {
    byte[] bytes = new byte[image.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) Math.round(255 * image[i]);
    }
    return bytes;
  }
}

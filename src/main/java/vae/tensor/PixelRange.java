package vae.tensor;

/** The values of black and of white that a model's pixels go from and to. */
public record PixelRange(float black, float white) {
  /** As of a sigmoid. */
  public static final PixelRange UNIT = new PixelRange(0, 1);

  private static final PixelRange SIGNED = new PixelRange(-1, 1);
  private static final PixelRange BYTES = new PixelRange(0, 255);

  /** Values this little out of a range are taken to be of it. */
  private static final float SLACK = 0.01f;

  /** Told by pixels: [-1, 1] as of a tanh, [0, 255], else [0, 1]. */
  public static PixelRange of(float[] values) {
    float least = 0;
    float most = 0;
    for (float value : values) {
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    if (least < -SLACK && least >= SIGNED.black - SLACK && most <= SIGNED.white + SLACK) {
      return SIGNED;
    }
    return least >= -SLACK && most > 2 && most <= BYTES.white + 1 ? BYTES : UNIT;
  }

  /** The same pixels in [0, 1], which are not copied if they are so already. */
  public float[] unit(float[] values) {
    if (equals(UNIT)) {
      return values;
    }
    float[] unit = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      unit[i] = (values[i] - black) / (white - black);
    }
    return unit;
  }
}

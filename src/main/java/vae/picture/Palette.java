package vae.picture;

import java.awt.Color;

/** A colour a digit, apart from each other for colour-blind eyes too as far as ten can be. */
final class Palette {
  private static final int[] DIGITS = {
    0x1f77b4, 0xd62728, 0x2ca02c, 0x9467bd, 0xff7f0e, 0x17becf, 0x8c564b, 0xe377c2, 0x7f7f7f,
    0xbcbd22
  };

  private Palette() {}

  static Color digit(int digit) {
    return new Color(DIGITS[digit]);
  }

  /** A colour mixed with white. */
  static Color pale(Color colour, double strength) {
    double share = Math.max(0, Math.min(1, strength));
    return new Color(
        mixed(colour.getRed(), share),
        mixed(colour.getGreen(), share),
        mixed(colour.getBlue(), share));
  }

  private static int mixed(int level, double share) {
    return (int) Math.round(255 - share * (255 - level));
  }
}

package vae.picture;

import java.awt.Color;

/**
 * A colour a class. The first ten are apart from each other for colour-blind eyes too, as far as
 * ten can be; the others go round the colour circle by the golden angle.
 */
public final class Palette {
  private static final int[] FIRST = {
    0x1f77b4, 0xd62728, 0x2ca02c, 0x9467bd, 0xff7f0e, 0x17becf, 0x8c564b, 0xe377c2, 0x7f7f7f,
    0xbcbd22
  };

  private static final float GOLDEN = 0.618034f;
  private static final float FIRST_HUE = 0.25f;

  private Palette() {}

  /** The colour of a class, from 0 on. */
  public static Color of(int label) {
    return label < FIRST.length
        ? new Color(FIRST[label])
        : Color.getHSBColor(FIRST_HUE + label * GOLDEN, 0.75f, 0.55f + 0.12f * (label % 4));
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

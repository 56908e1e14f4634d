package vae.picture;

import vae.tensor.ImageShape;

/** Images as lines of characters, for a terminal. */
public final class TextPreview {
  /** From dark to bright, in ASCII, which every terminal's encoding has. */
  private static final String RAMP = " .:-=+*#%@";

  /** MNIST leaves at least so many pixels free around a digit, mostly. */
  private static final int MNISTS_MARGIN = 2;

  private static final ImageShape MNISTS = ImageShape.grey(28, 28);

  private static final String GAP = "  ";

  private TextPreview() {}

  /**
   * Images side by side, in rows of so many columns. A character stands for two pixels, one above
   * the other, since it is about twice as high as wide.
   */
  public static String of(ImageBatch images, int columns) {
    int width = images.shape().width();
    int height = images.shape().height();
    int margin = images.shape().equals(MNISTS) ? MNISTS_MARGIN : 0;
    int shown = width - 2 * margin;
    int perRow = Math.max(1, (columns + GAP.length()) / (shown + GAP.length()));
    var text = new StringBuilder();
    for (int first = 0; first < images.count(); first += perRow) {
      int end = Math.min(images.count(), first + perRow);
      for (int y = margin; y < height - margin; y += 2) {
        var line = new StringBuilder();
        for (int i = first; i < end; i++) {
          line.append(i > first ? GAP : "");
          for (int x = margin; x < width - margin; x++) {
            float above = images.grey(i, x, y);
            float below = y + 1 < height ? images.grey(i, x, y + 1) : 0;
            line.append(character((above + below) / 2));
          }
        }
        text.append(line.toString().stripTrailing()).append('\n');
      }
    }
    return text.toString();
  }

  private static char character(float value) {
    int level = (int) (Math.min(1, Math.max(0, value)) * RAMP.length());
    return RAMP.charAt(Math.min(level, RAMP.length() - 1));
  }
}

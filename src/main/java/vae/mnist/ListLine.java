package vae.mnist;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import vae.config.ClassNames;
import vae.mnist.ImageFile.Size;

/**
 * A line of an image list, {@code path label}; the path may have blanks in it.
 *
 * @param number from 1
 * @param text without blanks at its ends
 */
record ListLine(int number, String text) {
  private static final Pattern PATH_AND_LABEL = Pattern.compile("(\\S.*?)\\s+(\\S+)");
  private static final Pattern LABEL = Pattern.compile("[0-9]{1,3}");

  /**
   * What came of looking at a line and at its image.
   *
   * @param written the path as the list has it, to be shown
   * @param path from where the program runs
   * @param problem empty if there is none; without it the rest is of no meaning
   */
  record Checked(int number, String written, String path, int label, Size size, String problem) {
    private static final Size NO_SIZE = new Size(0, 0);

    static Checked bad(int number, String problem) {
      // The system's own words may hold a path of any length.
      String start = problem.length() > 300 ? problem.substring(0, 300) + "…" : problem;
      return new Checked(number, "", "", 0, NO_SIZE, start);
    }

    /** The problem, which may be that the size is not that of another line's image. */
    String problemBeside(Checked first) {
      return problem.isEmpty() && !size.equals(first.size)
          ? "expected an image of %s pixels as in line %d, found %s, %s"
              .formatted(first.size, first.number, size, written)
          : problem;
    }
  }

  /** Reads the line, and the image too; safe for several threads. */
  Checked check(ListFolder folder) {
    try {
      Matcher fields = PATH_AND_LABEL.matcher(text);
      if (!fields.matches()) {
        throw new BadLineException("expected a path and a label, found " + shown(text));
      }
      String label = fields.group(2);
      if (!LABEL.matcher(label).matches() || Integer.parseInt(label) >= ClassNames.MOST) {
        throw new BadLineException("expected a label from 0 to 127, found " + shown(label));
      }
      String written = fields.group(1);
      String path = folder.pathOf(written);
      Size size = size(folder.contents(written), shown(written));
      return new Checked(number, shown(written), path, Integer.parseInt(label), size, "");
    } catch (BadLineException e) {
      return Checked.bad(number, e.getMessage());
    }
  }

  private static Size size(byte[] contents, String shownPath) throws BadLineException {
    try {
      return ImageFile.decode(contents);
    } catch (BadLineException e) {
      throw new BadLineException(e.getMessage() + ", " + shownPath);
    }
  }

  /** A text of the user's that can be printed: short, and without a terminal's commands. */
  static String shown(String text) {
    String start = text.length() > 100 ? text.substring(0, 100) + "…" : text;
    return "'" + start.replaceAll("\\p{Cntrl}", "?") + "'";
  }
}

package vae.mnist;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import vae.config.ClassNames;
import vae.mnist.ImageFile.Size;

/**
 * A line of an image list, from 1, without blanks at its ends: a path, and mostly a label. The path
 * may have blanks in it; so may the label, if the path ends as images' do.
 */
record ListLine(int number, String text) {
  /** A path has at most half as many bytes. */
  private static final int LONGEST = 8_192;

  private static final String SEPARATOR = "(?<!\\s)(?:\\s*+[,;]\\s*+|\\s++)";
  private static final Pattern QUOTED =
      Pattern.compile("\"(?<path>(?:[^\"]|\"\")++)\"(?:\\s*+[,;]?+\\s*+(?<label>.*+))");
  private static final Pattern IMAGE =
      Pattern.compile("(?<path>.*\\.(?i:png|jpe?g))(?:" + SEPARATOR + "(?<label>.*+))?");
  private static final Pattern PATH_AND_LABEL =
      Pattern.compile("(?<path>.*?)" + SEPARATOR + "(?<label>[^\\s,;]++)");
  private static final Pattern QUOTED_LABEL = Pattern.compile("\"((?:[^\"]|\"\")++)\"");

  /** A number and something more, such as another column. */
  private static final Pattern NUMBER_AND_MORE = Pattern.compile("-?\\p{Nd}+[\\s.#].*");

  private static final Pattern HEADER =
      Pattern.compile(
          "(?i)\"?(path|file|file_?name|file_?path|image|image_?path|img)\"?"
              + "([\\s,;]+\"?(label|labels|class|class_?name|category|target)\"?)?");
  private static final Pattern NUMBER = Pattern.compile("-?\\p{Nd}+");
  private static final Pattern LABEL = Pattern.compile("[0-9]{1,3}");

  /**
   * What came of looking at a line and at its image.
   *
   * @param written the path as the list has it, to be shown
   * @param path from where the program runs
   * @param label empty if there is none
   * @param problem empty if there is none; without it the rest is of no meaning
   */
  record Checked(int number, String written, String path, String label, Size size, String problem) {
    private static final Size NO_SIZE = new Size(0, 0);

    static Checked bad(int number, String problem) {
      // The system's own words may hold a path of any length.
      String start = problem.length() > 300 ? problem.substring(0, 300) + "…" : problem;
      return new Checked(number, "", "", "", NO_SIZE, start);
    }

    /** The problem, which may be that the line is not as another. */
    String problemBeside(Checked first) {
      if (!problem.isEmpty()) {
        return problem;
      }
      if (label.isEmpty() != first.label.isEmpty()) {
        return "expected a path %s as in line %d, found %s"
            .formatted(
                first.label.isEmpty() ? "alone" : "and a label",
                first.number,
                label.isEmpty() ? written : "the label " + shown(label));
      }
      if (isNumber(first.label) != isNumber(label)) {
        return "expected a %s as in line %d, found %s"
            .formatted(
                isNumber(first.label) ? "label from 0 to 127" : "class name",
                first.number,
                shown(label));
      }
      return size.equals(first.size)
          ? ""
          : "expected an image of %s pixels as in line %d, found %s, %s"
              .formatted(first.size, first.number, size, written);
    }
  }

  /** Whether there is nothing to be read in it. */
  boolean isBlank() {
    return text.isEmpty() || text.startsWith("#");
  }

  /** Whether it tells what the columns are called, as tables do. */
  boolean isHeader() {
    return HEADER.matcher(text).matches();
  }

  /** Whether a label is a class's number, and not its name. */
  static boolean isNumber(String label) {
    return NUMBER.matcher(label).matches();
  }

  /** Reads the line, and the image too; safe for several threads. */
  Checked check(ListFolder folder) {
    try {
      if (text.length() > LONGEST || text.chars().anyMatch(each -> each < ' ' && each != '\t')) {
        throw new BadLineException(
            "expected a line of up to %,d printable letters, found %s"
                .formatted(LONGEST, shown(text)));
      }
      String written = text;
      String label = "";
      for (Pattern form : List.of(QUOTED, IMAGE, PATH_AND_LABEL)) {
        Matcher fields = form.matcher(text);
        if (fields.matches()) {
          written = unescaped(fields.group("path"));
          label = label(Optional.ofNullable(fields.group("label")).orElse(""));
          break;
        }
      }
      Path file = folder.resolve(written);
      Size size = size(folder, file, shown(written));
      return new Checked(number, shown(written), file.toString(), label, size, "");
    } catch (BadLineException e) {
      return Checked.bad(number, e.getMessage());
    }
  }

  private static String unescaped(String field) {
    return field.replace("\"\"", "\"");
  }

  private static String label(String written) throws BadLineException {
    Matcher quoted = QUOTED_LABEL.matcher(written);
    boolean isQuoted = quoted.matches();
    String label = isQuoted ? unescaped(quoted.group(1)) : written;
    boolean isOne = isQuoted || label.chars().noneMatch(each -> ",;\"".indexOf(each) >= 0);
    if (!isOne || NUMBER_AND_MORE.matcher(label).matches()) {
      throw new BadLineException("expected one label, found " + shown(label));
    }
    boolean isNumber = isNumber(label);
    if (isNumber
        && !(LABEL.matcher(label).matches() && Integer.parseInt(label) < ClassNames.MOST)) {
      throw new BadLineException("expected a label from 0 to 127, found " + shown(label));
    }
    if (!isNumber && !label.isEmpty() && !ClassNames.isName(label)) {
      throw new BadLineException(
          "expected a class name of 1 to %d letters, found %s"
              .formatted(ClassNames.LONGEST, shown(label)));
    }
    return label;
  }

  private static Size size(ListFolder folder, Path file, String shown) throws BadLineException {
    try {
      return ImageFile.decode(folder.contents(file));
    } catch (BadLineException e) {
      throw new BadLineException(e.getMessage() + ", " + shown);
    }
  }

  /** A text of the user's that can be printed: short, and without a terminal's commands. */
  static String shown(String text) {
    String start = text.length() > 100 ? text.substring(0, 100) + "…" : text;
    return "'" + start.replaceAll("\\p{Cntrl}", "?") + "'";
  }
}

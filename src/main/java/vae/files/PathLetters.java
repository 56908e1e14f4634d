package vae.files;

/**
 * Why a text is no path. Java writes paths in the character set of the locale: in the one named C,
 * which most containers have, that is ASCII.
 */
public final class PathLetters {
  /** Stands for a byte that is no letter in the character set. */
  private static final char LOST = '\ufffd';

  private PathLetters() {}

  /** Whether a text that the system gave is not what was typed. */
  public static boolean areLost(String text) {
    return text.indexOf(LOST) >= 0;
  }

  /** What was found in the place of a path, and what to do. */
  public static String problem(String text) {
    boolean isAscii = text.chars().allMatch(letter -> letter < 128);
    String shown = "'" + text.replace(LOST, '?').replaceAll("\\p{Cntrl}", "?") + "'";
    return isAscii
        ? shown
        : "%s, whose letters are not in the locale's character set, %s: set LC_ALL=C.UTF-8"
            .formatted(shown, System.getProperty("sun.jnu.encoding", "ASCII"));
  }
}

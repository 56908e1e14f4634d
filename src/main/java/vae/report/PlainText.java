package vae.report;

/** Text out of a stranger's file, which may hold orders to the terminal, for people to read. */
public final class PlainText {
  private static final int LONGEST = 120;

  private PlainText() {}

  /** Several lines; they stay apart. */
  static String lines(String text) {
    return text.replaceAll(
        "[\\p{Cntrl}\\u0080-\\u009f\\u202a-\\u202e\\u2066-\\u2069&&[^\\r\\n]]", "?");
  }

  /** A name, a message: one line. */
  public static String line(String text) {
    return lines(text.strip().replaceAll("\\s*\\R\\s*", " ")).replaceAll("[\\r\\n]", "?");
  }

  /** The same, cut where nobody would read on. */
  static String shortLine(String text) {
    String line = line(text);
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST - 1) + "…";
  }
}

package vae.config;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;

/** What the classes of labelled images are called, class 0, 1, …. */
public record ClassNames(List<String> names) {
  /** Labels are bytes of 0 and above. */
  public static final int MOST = 128;

  /** Letters in a name. */
  public static final int LONGEST = 60;

  /**
   * Refuses none or too many names, and one that is empty, too long, has control characters, or
   * stands there twice, by an IllegalArgumentException.
   */
  public ClassNames {
    names = List.copyOf(names);
    if (names.isEmpty() || names.size() > MOST) {
      throw new IllegalArgumentException(
          "expected 1 to %d class names, found %,d".formatted(MOST, names.size()));
    }
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (!isName(name)) {
        throw new IllegalArgumentException(
            "expected class names of 1 to %d letters, found one of %d"
                .formatted(LONGEST, name.length()));
      }
      if (!seen.add(name.toLowerCase(Locale.ROOT))) {
        throw new IllegalArgumentException("expected each class name once, found twice " + name);
      }
    }
  }

  /** Whether a class can be called so: not blank, not too long, and without control characters. */
  public static boolean isName(String name) {
    return !name.isBlank()
        && name.length() <= LONGEST
        && name.chars().noneMatch(Character::isISOControl);
  }

  /** Names of a text, a line each; blank lines don't count. */
  public static ClassNames ofLines(String text) {
    return new ClassNames(text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList());
  }

  /** The numbers themselves, as MNIST's digits are called. */
  public static ClassNames numbered(int count) {
    return new ClassNames(IntStream.range(0, count).mapToObj(String::valueOf).toList());
  }

  /** What one is called in general: a digit, if these are MNIST's ten. */
  public String kind() {
    return equals(numbered(10)) ? "digit" : "class";
  }

  /** A line each. */
  public String lines() {
    return String.join("\n", names) + "\n";
  }

  /** How many there are. */
  public int size() {
    return names.size();
  }

  /** What a class is called; a number beyond the names is called by itself. */
  public String of(int label) {
    return label < names.size() ? names.get(label) : String.valueOf(label);
  }

  /** The class that a text means, its name or else its number; nothing if there is none such. */
  public OptionalInt find(String text) {
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).equalsIgnoreCase(text.strip())) {
        return OptionalInt.of(i);
      }
    }
    return IntStream.range(0, names.size())
        .filter(i -> String.valueOf(i).equals(text.strip()))
        .findFirst();
  }
}

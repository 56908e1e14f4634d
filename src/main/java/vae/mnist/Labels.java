package vae.mnist;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import vae.config.ClassNames;

/** The labels of images: a class each, and what the classes are called; or none at all. */
public final class Labels {
  /** The label of an image whose class is not known. */
  public static final int NONE = -1;

  private final byte[] values;
  private final Optional<ClassNames> classes;

  private Labels(byte[] values, Optional<ClassNames> classes) {
    this.values = values;
    this.classes = classes;
  }

  /** Of images without labels. */
  public static Labels none(int count) {
    byte[] values = new byte[count];
    Arrays.fill(values, (byte) NONE);
    return new Labels(values, Optional.empty());
  }

  /** Numbers from 0 to 127, by which the classes are called too. Takes ownership of the array. */
  public static Labels numbered(byte... values) {
    int most = 0;
    for (byte value : values) {
      most = Math.max(most, value);
    }
    return new Labels(values, Optional.of(ClassNames.numbered(most + 1)));
  }

  /** Names, numbered in the order of the alphabet. Upper and lower case are the same. */
  static Labels named(List<String> names) {
    Map<String, String> sorted = new TreeMap<>();
    names.forEach(name -> sorted.putIfAbsent(name.toLowerCase(Locale.ROOT), name));
    var classes = new ClassNames(List.copyOf(sorted.values()));
    List<String> order = List.copyOf(sorted.keySet());
    byte[] values = new byte[names.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) order.indexOf(names.get(i).toLowerCase(Locale.ROOT));
    }
    return new Labels(values, Optional.of(classes));
  }

  /**
   * The same labels by other names: names are looked up in them, numbers count them.
   *
   * @throws IllegalArgumentException if one is not among them
   */
  public Labels under(ClassNames names) {
    if (classes.isEmpty()) {
      return this;
    }
    ClassNames own = classes.get();
    boolean numbers = own.equals(ClassNames.numbered(own.size()));
    byte[] renamed = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      String name = own.of(values[i]);
      OptionalInt found = numbers ? OptionalInt.of(values[i]) : names.find(name);
      if (found.isEmpty() || found.getAsInt() >= names.size()) {
        throw new IllegalArgumentException(
            "expected labels among the %d class names, found %s".formatted(names.size(), name));
      }
      renamed[i] = (byte) found.getAsInt();
    }
    return new Labels(renamed, Optional.of(names));
  }

  /** What the classes are called; nothing if there are no labels. */
  public Optional<ClassNames> classes() {
    return classes;
  }

  /** How many images they are of. */
  public int count() {
    return values.length;
  }

  /** The class of an image, from 0 on; {@link #NONE} where there are no labels. */
  public int of(int image) {
    return values[image];
  }

  /** A copy of them all. */
  public byte[] bytes() {
    return values.clone();
  }

  Labels part(int from, int to) {
    return new Labels(Arrays.copyOfRange(values, from, to), classes);
  }
}

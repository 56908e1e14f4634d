package vae.tensor;

import java.lang.reflect.Array;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What a tensor holds. TensorFlow knows more types; these are the ones that people feed. */
public enum ElementType {
  /** 32 bits. */
  FLOAT(float.class),
  /** 64 bits. */
  DOUBLE(double.class),
  /** 32 bits, signed. */
  INT32(int.class),
  /** 64 bits, signed. */
  INT64(long.class),
  /** True or false. */
  BOOL(boolean.class),
  /** 8 bits, 0 to 255, in the bits of a Java byte. */
  UINT8(byte.class),
  /** Bytes of any number: texts are UTF-8. */
  STRING(byte[].class);

  private static final String REF = "_REF";

  private final Class<?> component;

  ElementType(Class<?> component) {
    this.component = component;
  }

  /** As TensorFlow's protos write it, {@code DT_FLOAT}. */
  public String dataType() {
    return "DT_" + name();
  }

  /** As TensorFlow's messages write it, {@code float}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether it is a number, which can be made another number. */
  public boolean isNumber() {
    return this != BOOL && this != STRING;
  }

  /** Whether it has fractions. */
  public boolean isFloating() {
    return this == FLOAT || this == DOUBLE;
  }

  /**
   * By the name in TensorFlow's protos, {@code DT_FLOAT}, or {@code DT_FLOAT_REF} of a variable;
   * nothing for a type that is none of these.
   */
  public static Optional<ElementType> of(String dataType) {
    String name =
        dataType.endsWith(REF) ? dataType.substring(0, dataType.length() - REF.length()) : dataType;
    return Stream.of(values()).filter(type -> type.dataType().equals(name)).findFirst();
  }

  /** The one that arrays of a Java type hold; nothing for other types. */
  static Optional<ElementType> of(Class<?> component) {
    return Stream.of(values()).filter(type -> type.component == component).findFirst();
  }

  /** An array of so many. */
  Object array(int size) {
    return Array.newInstance(component, size);
  }
}

package vae.serve;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * JSON in memory: maps, strings, {@link Long} for numbers written without a fraction that fit,
 * {@link Double} for all others, {@link Boolean}, {@link #NULL}, and for arrays {@link Numbers}
 * where all their elements are numbers, else lists. {@code NaN}, {@code Infinity} and {@code
 * -Infinity} are numbers too, as TensorFlow Serving has it.
 */
final class JsonTree {
  /** What {@code null} is read as. */
  static final Object NULL = new Object();

  private static final int DEEPEST = 64;
  private static final int MOST_SHOWN = 256;

  /** From here on not every whole number is a double. */
  private static final double LARGEST_WHOLE = 0x1p53;

  /** Objects and arrays in a document: each takes far more memory than its two characters. */
  private static final int MOST_CONTAINERS = 1 << 20;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
          .build();

  private JsonTree() {}

  /**
   * Reads an object; what follows it is not looked at, and of equal keys the first counts.
   *
   * @throws ServingException if it is not JSON, or no object
   */
  static Map<?, ?> object(byte[] text) throws ServingException {
    try (JsonParser parser = JSON.createParser(text)) {
      if (parser.nextToken() == null) {
        throw ServingException.invalid("JSON Parse error: The document is empty");
      }
      Object value = new Reading(parser).value();
      if (value instanceof Map<?, ?> map) {
        return map;
      }
      throw ServingException.invalid("JSON Value: " + shown(value) + " Is not object");
    } catch (StreamReadException e) {
      throw ServingException.invalid(
          "JSON Parse error: %s at offset: %d"
              .formatted(e.getOriginalMessage(), e.getLocation().getByteOffset()));
    } catch (IOException e) {
      throw ServingException.invalid("JSON Parse error: " + e.getMessage());
    }
  }

  /** A document that is being read. */
  private static final class Reading {
    private final JsonParser parser;
    private int containers;

    Reading(JsonParser parser) {
      this.parser = parser;
    }

    Object value() throws IOException {
      return switch (parser.currentToken()) {
        case START_OBJECT -> map();
        case START_ARRAY -> array();
        case VALUE_NUMBER_INT -> whole();
        case VALUE_NUMBER_FLOAT -> number(parser);
        case VALUE_STRING -> parser.getText();
        case VALUE_TRUE -> true;
        case VALUE_FALSE -> false;
        case VALUE_NULL -> NULL;
        default -> throw new JsonParseException(parser, "Invalid value.");
      };
    }

    private Map<String, Object> map() throws IOException {
      count();
      Map<String, Object> map = new LinkedHashMap<>();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String key = parser.currentName();
        parser.nextToken();
        map.putIfAbsent(key, value());
      }
      return map;
    }

    private Object array() throws IOException {
      count();
      List<Object> list = new ArrayList<>();
      JsonToken token = parser.nextToken();
      if (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT) {
        var numbers = new Numbers();
        while (token != null && token.isNumeric()) {
          numbers.add(parser);
          token = parser.nextToken();
        }
        if (token == JsonToken.END_ARRAY) {
          return numbers;
        }
        for (int i = 0; i < numbers.count; i++) {
          list.add(numbers.get(i));
        }
      }
      while (token != JsonToken.END_ARRAY) {
        list.add(value());
        token = parser.nextToken();
      }
      return list;
    }

    private void count() throws JsonParseException {
      if (++containers > MOST_CONTAINERS) {
        throw new JsonParseException(
            parser, "More than %,d objects and arrays.".formatted(MOST_CONTAINERS));
      }
    }

    private Object whole() throws IOException {
      return parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
          ? number(parser)
          : (Object) parser.getLongValue();
    }
  }

  private static double number(JsonParser parser) throws IOException {
    double value = parser.getDoubleValue();
    if (Double.isInfinite(value) && parser.getText().matches("-?[0-9].*")) {
      throw new JsonParseException(parser, "Number too big to be stored in double.");
    }
    return value;
  }

  /** The numbers of an array that holds nothing else: whole as long as all are. */
  static final class Numbers {
    /** Whole numbers; once one of them is not, the bits of doubles. */
    private long[] values = new long[8];

    private boolean isWhole = true;
    private int count;

    private void add(JsonParser parser) throws IOException {
      boolean fits =
          parser.currentToken() == JsonToken.VALUE_NUMBER_INT
              && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
      if (isWhole && !fits) {
        isWhole = false;
        for (int i = 0; i < count; i++) {
          values[i] = Double.doubleToRawLongBits((double) values[i]);
        }
      }
      if (count == values.length) {
        values = Arrays.copyOf(values, count + count / 2);
      }
      values[count++] =
          isWhole ? parser.getLongValue() : Double.doubleToRawLongBits(number(parser));
    }

    private double real(int index) {
      return isWhole ? (double) values[index] : Double.longBitsToDouble(values[index]);
    }

    private Object get(int index) {
      return isWhole ? (Object) values[index] : (Object) real(index);
    }

    /** Copies all, which are as many as {@link #size} says. */
    void copyTo(float[] target, int at) {
      for (int i = 0; i < count; i++) {
        target[at + i] = (float) real(i);
      }
    }
  }

  /** The kind of a value, as Serving calls it. */
  static String kind(Object value) {
    if (value instanceof Map) {
      return "Object";
    }
    if (isArray(value)) {
      return "Array";
    }
    if (value instanceof Boolean flag) {
      return flag ? "True" : "False";
    }
    return value == NULL ? "Null" : value instanceof String ? "String" : "Number";
  }

  /** A value as it is shown in errors, not more than some 256 characters of it. */
  static String shown(Object value) {
    var text = new StringBuilder();
    show(value, text, "\n");
    return text.toString();
  }

  private static void show(Object value, StringBuilder text, String newLine) {
    if (text.length() >= MOST_SHOWN) {
      return;
    }
    if (value instanceof Map<?, ?> map) {
      String inner = newLine + "    ";
      text.append('{');
      String before = inner;
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        if (text.length() >= MOST_SHOWN) {
          break;
        }
        text.append(before);
        quote(entry.getKey(), text);
        text.append(": ");
        show(entry.getValue(), text, inner);
        before = "," + inner;
      }
      text.append(map.isEmpty() ? "}" : newLine + "}");
    } else if (isArray(value)) {
      text.append('[');
      for (int i = 0; i < size(value) && text.length() < MOST_SHOWN; i++) {
        text.append(i == 0 ? "" : ", ");
        show(element(value, i), text, newLine);
      }
      text.append(']');
    } else if (value instanceof String) {
      quote(value, text);
    } else if (value instanceof Double number
        && number == Math.rint(number)
        && Math.abs(number) < LARGEST_WHOLE) {
      text.append(number.longValue());
    } else {
      text.append(value == NULL ? "null" : value);
    }
  }

  private static void quote(Object string, StringBuilder text) {
    String shown = String.valueOf(string);
    text.append('"').append(shown, 0, Math.min(shown.length(), MOST_SHOWN)).append('"');
  }

  static boolean isArray(Object value) {
    return value instanceof Numbers || value instanceof List;
  }

  static int size(Object array) {
    return array instanceof Numbers numbers ? numbers.count : ((List<?>) array).size();
  }

  static Object element(Object array, int index) {
    return array instanceof Numbers numbers ? numbers.get(index) : ((List<?>) array).get(index);
  }
}

package vae.search;

import java.util.List;
import java.util.Optional;
import org.tensorflow.proto.DataType;
import vae.tf1.ListedVariable;
import vae.tf1.TensorName;

/**
 * A tensor that somebody who brings a model over may want to know of.
 *
 * @param name as {@code --input} and {@code --output} take it
 * @param type as NumPy names it; {@code ?} where it is not known
 * @param shape -1 where a size is not known; nothing where not even the rank is
 * @param op what it comes from: the op's type
 * @param remarks what it could be, and where it is listed
 */
public record SurveyedTensor(
    TensorName name, String type, Optional<List<Long>> shape, String op, List<String> remarks) {
  /** The least that makes a picture, 4 · 4. */
  private static final long FEWEST_PIXELS = 16;

  private static final long MOST_CODES = 512;

  public SurveyedTensor {
    remarks = List.copyOf(remarks);
  }

  /** As NumPy names it. */
  static String typeName(DataType type) {
    return type == DataType.DT_INVALID || type == DataType.UNRECOGNIZED
        ? "?"
        : ListedVariable.numpyName(type);
  }

  SurveyedTensor with(List<String> others) {
    return new SurveyedTensor(name, type, shape, op, others);
  }

  boolean isFloat() {
    return type.startsWith("float") || type.equals("bfloat16");
  }

  /** How many values an image has that it could hold a batch of; 0 if it could not. */
  long pixels() {
    List<Long> dims = shape.orElse(List.of());
    int rank = dims.size();
    boolean fits =
        switch (rank) {
          case 2 -> isFloat();
          case 3 -> isFloat() || type.equals("uint8");
          case 4 -> (isFloat() || type.equals("uint8")) && (dims.get(3) == 1 || dims.get(3) == 3);
          default -> false;
        };
    if (!fits || dims.subList(1, rank).stream().anyMatch(size -> size < 1 || size > 1 << 20)) {
      return 0;
    }
    long values =
        dims.subList(1, rank).stream().mapToLong(Long::longValue).reduce(1, (a, b) -> a * b);
    return values >= FEWEST_PIXELS ? values : 0;
  }

  /** Whether it could hold a batch of codes of images of so many values. */
  boolean couldBeCodes(long pixels) {
    List<Long> dims = shape.orElse(List.of());
    return isFloat()
        && dims.size() == 2
        && dims.get(1) > 0
        && dims.get(1) <= MOST_CODES
        && dims.get(1) < pixels;
  }
}

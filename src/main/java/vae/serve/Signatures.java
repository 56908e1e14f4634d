package vae.serve;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.stream.Collectors;
import vae.serve.ServingException.Code;
import vae.storage.ModelSignature;
import vae.storage.ModelSignature.NamedTensor;

/** What a model's functions take, and what is said to those who give them something else. */
final class Signatures {
  private static final String DEFAULT = "serving_default";

  private Signatures() {}

  /**
   * A function by its key; the default one by an empty key.
   *
   * @throws ServingException if the model has none such, or it is not one of matrices
   */
  static ModelSignature of(SortedMap<String, ModelSignature> signatures, String key)
      throws ServingException {
    String asked = key.isEmpty() ? DEFAULT : key;
    ModelSignature signature = signatures.get(asked);
    if (signature == null) {
      throw ServingException.invalid(
          "Serving signature name: \"%s\" not found in signature def".formatted(asked));
    }
    if (!signature.isOfMatrices()) {
      throw new ServingException(
          Code.UNIMPLEMENTED,
          "Serving signature \"%s\" takes or gives other tensors than float32 matrices"
              .formatted(asked));
    }
    return signature;
  }

  /**
   * Makes sure that inputs are what a function takes: these names, and matrices of as many rows, of
   * the columns that the signature tells.
   */
  static void requireInputs(ModelSignature signature, Map<String, float[][]> inputs)
      throws ServingException {
    if (!inputs.keySet().equals(signature.inputs().keySet())) {
      throw ServingException.invalid(
          "expected inputs %s, found %s".formatted(signature.inputs().keySet(), inputs.keySet()));
    }
    int rows = inputs.values().iterator().next().length;
    for (Map.Entry<String, NamedTensor> input : signature.inputs().entrySet()) {
      long[] shape = input.getValue().shape().orElseThrow();
      float[][] values = Objects.requireNonNull(inputs.get(input.getKey()));
      int columns = values.length == 0 ? 0 : values[0].length;
      boolean fits =
          values.length > 0
              && (shape[0] < 0 || shape[0] == values.length)
              && (shape[1] < 0 ? columns > 0 : shape[1] == columns)
              && Arrays.stream(values).allMatch(row -> row.length == columns);
      if (!fits) {
        throw ServingException.invalid(
            "input %s: expected shape %s, found [%d,%d]"
                .formatted(input.getKey(), shape(shape), values.length, columns));
      }
      if (values.length != rows) {
        throw ServingException.invalid(
            "expected inputs of as many rows, found %d and %d".formatted(rows, values.length));
      }
    }
  }

  static String shape(long[] shape) {
    return Arrays.stream(shape).mapToObj(Long::toString).collect(Collectors.joining(",", "[", "]"));
  }
}

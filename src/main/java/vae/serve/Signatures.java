package vae.serve;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import vae.functions.Batching;
import vae.functions.ModelSignature;
import vae.functions.ModelSignature.NamedTensor;
import vae.serve.ServingException.Code;
import vae.tensor.ElementType;
import vae.tensor.Values;

/** What a model's functions take, and what is said to those who give them something else. */
final class Signatures {
  /** The one that is asked where none is named. */
  static final String DEFAULT = "serving_default";

  private Signatures() {}

  /**
   * A function by its key; the default one by an empty key.
   *
   * @throws ServingException if the model has none such, or it is of types that no {@link Values}
   *     hold
   */
  static ModelSignature of(SortedMap<String, ModelSignature> signatures, String key)
      throws ServingException {
    String asked = key.isEmpty() ? DEFAULT : key;
    ModelSignature signature = signatures.get(asked);
    if (signature == null) {
      throw ServingException.invalid(
          "Serving signature name: \"%s\" not found in signature def".formatted(asked));
    }
    for (SortedMap<String, NamedTensor> tensors :
        List.of(signature.inputs(), signature.outputs())) {
      for (Map.Entry<String, NamedTensor> tensor : tensors.entrySet()) {
        if (tensor.getValue().type().isEmpty()) {
          throw new ServingException(
              Code.UNIMPLEMENTED,
              "Serving signature \"%s\": %s is of %s, and only %s can be served"
                  .formatted(
                      asked,
                      tensor.getKey(),
                      tensor.getValue().dataType(),
                      Stream.of(ElementType.values())
                          .map(ElementType::dataType)
                          .collect(Collectors.joining(", "))));
        }
      }
    }
    return signature;
  }

  /**
   * Makes sure that inputs are what a function takes: these names, of the types and shapes that the
   * signature tells, and of as many rows where it goes by rows.
   */
  static void requireInputs(ModelSignature signature, Map<String, Values> inputs, Batching batching)
      throws ServingException {
    if (!inputs.keySet().equals(signature.inputs().keySet())) {
      throw ServingException.invalid(
          "expected inputs %s, found %s".formatted(signature.inputs().keySet(), inputs.keySet()));
    }
    int rows = inputs.isEmpty() ? 0 : inputs.values().iterator().next().rows();
    for (Map.Entry<String, NamedTensor> input : signature.inputs().entrySet()) {
      Values values = Objects.requireNonNull(inputs.get(input.getKey()));
      NamedTensor expected = batching.joins() ? input.getValue().ofAnyRows() : input.getValue();
      if (!expected.takes(values) || (batching.joins() && values.rows() == 0)) {
        throw ServingException.invalid(
            "input %s: expected %s, found %s".formatted(input.getKey(), expected, values));
      }
      if (batching.joins() && values.rows() != rows) {
        throw ServingException.invalid(
            "expected inputs of as many rows, found %d and %d".formatted(rows, values.rows()));
      }
    }
  }
}

package vae.storage;

import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tensorflow.Signature;
import org.tensorflow.Signature.TensorDescription;

/**
 * A function that a model offers, as others see it.
 *
 * @param key by which it is called
 * @param method what TensorFlow Serving's APIs take it for, such as {@code
 *     tensorflow/serving/predict}
 * @param inputs by name
 * @param outputs by name
 */
public record ModelSignature(
    String key,
    String method,
    SortedMap<String, NamedTensor> inputs,
    SortedMap<String, NamedTensor> outputs) {

  /**
   * A tensor of its graph.
   *
   * @param name such as {@code X:0}
   * @param dataType as TensorFlow writes it, {@code DT_FLOAT}
   * @param shape -1 where any size will do; nothing if not even the number of dimensions is known
   */
  public record NamedTensor(String name, String dataType, Optional<long[]> shape) {
    /** Whether it is [batch, n] of float32. */
    public boolean isMatrix() {
      return dataType.equals("DT_FLOAT") && shape.isPresent() && shape.get().length == 2;
    }

    /** Whether it takes any number of rows. */
    public boolean isOfAnyBatch() {
      return shape.isPresent() && shape.get().length > 0 && shape.get()[0] < 0;
    }
  }

  /** Whether it takes and gives matrices of float32 alone. */
  public boolean isOfMatrices() {
    return inputs.values().stream().allMatch(NamedTensor::isMatrix)
        && outputs.values().stream().allMatch(NamedTensor::isMatrix);
  }

  static ModelSignature of(Signature signature) {
    String method = signature.methodName();
    return new ModelSignature(
        signature.key(),
        method == null ? "" : method,
        tensors(signature.getInputs()),
        tensors(signature.getOutputs()));
  }

  private static SortedMap<String, NamedTensor> tensors(Map<String, TensorDescription> tensors) {
    SortedMap<String, NamedTensor> found = new TreeMap<>();
    tensors.forEach(
        (name, tensor) ->
            found.put(
                name,
                new NamedTensor(
                    tensor.name,
                    tensor.dataType.name(),
                    tensor.shape.isUnknown()
                        ? Optional.empty()
                        : Optional.of(tensor.shape.asArray()))));
    return found;
  }
}

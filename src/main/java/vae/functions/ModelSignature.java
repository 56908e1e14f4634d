package vae.functions;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;
import vae.tensor.ElementType;
import vae.tensor.Values;

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
    /** The type of its values; nothing if it is one that no {@link Values} hold. */
    public Optional<ElementType> type() {
      return ElementType.of(dataType);
    }

    /** How many rows it has; -1 for any number, nothing if it has none or that is not known. */
    public Optional<Long> rows() {
      return shape.filter(dims -> dims.length > 0).map(dims -> dims[0]);
    }

    /** The shape of its rows; nothing if it has none or that is not known whole. */
    public Optional<int[]> rowShape() {
      return shape
          .filter(dims -> dims.length > 0 && Arrays.stream(dims).skip(1).allMatch(dim -> dim >= 0))
          .map(dims -> Arrays.stream(dims).skip(1).mapToInt(Math::toIntExact).toArray());
    }

    /** How many values a row holds. */
    public Optional<Integer> rowSize() {
      return rowShape().map(row -> Arrays.stream(row).reduce(1, Math::multiplyExact));
    }

    /** Whether values can be fed to it: its type, and its shape where that is known. */
    public boolean takes(Values values) {
      return type().equals(Optional.of(values.type())) && fits(values.shape());
    }

    /** The same of any number of rows. */
    public NamedTensor ofAnyRows() {
      long[] dims = shape.orElseThrow().clone();
      dims[0] = -1;
      return new NamedTensor(name, dataType, Optional.of(dims));
    }

    private boolean fits(int[] found) {
      if (shape.isEmpty()) {
        return true;
      }
      long[] dims = shape.get();
      boolean fits = dims.length == found.length;
      for (int i = 0; fits && i < dims.length; i++) {
        fits = dims[i] < 0 || dims[i] == found[i];
      }
      return fits;
    }

    /** Type and shape as Serving writes them, {@code float [-1,784]}. */
    @Override
    public String toString() {
      return type().map(ElementType::text).orElse(dataType)
          + " "
          + shape.map(Arrays::toString).map(text -> text.replace(" ", "")).orElse("[?]");
    }

    TensorInfo info() {
      TensorShapeProto.Builder dims = TensorShapeProto.newBuilder().setUnknownRank(shape.isEmpty());
      for (long size : shape.orElse(new long[0])) {
        dims.addDim(TensorShapeProto.Dim.newBuilder().setSize(size));
      }
      return TensorInfo.newBuilder()
          .setName(name)
          .setDtype(DataType.valueOf(dataType))
          .setTensorShape(dims)
          .build();
    }

    static NamedTensor of(TensorInfo tensor) {
      TensorShapeProto shape = tensor.getTensorShape();
      return new NamedTensor(
          tensor.getName(),
          tensor.getDtype().name(),
          !tensor.hasTensorShape() || shape.getUnknownRank()
              ? Optional.empty()
              : Optional.of(
                  shape.getDimList().stream().mapToLong(TensorShapeProto.Dim::getSize).toArray()));
    }
  }

  /** As a SavedModel writes it. */
  public static ModelSignature of(String key, SignatureDef definition) {
    return new ModelSignature(
        key,
        definition.getMethodName(),
        tensors(definition.getInputsMap()),
        tensors(definition.getOutputsMap()));
  }

  /** As a SavedModel writes it. */
  public SignatureDef definition() {
    SignatureDef.Builder definition = SignatureDef.newBuilder().setMethodName(method);
    inputs.forEach((name, tensor) -> definition.putInputs(name, tensor.info()));
    outputs.forEach((name, tensor) -> definition.putOutputs(name, tensor.info()));
    return definition.build();
  }

  private static SortedMap<String, NamedTensor> tensors(Map<String, TensorInfo> tensors) {
    SortedMap<String, NamedTensor> found = new TreeMap<>();
    tensors.forEach((name, tensor) -> found.put(name, NamedTensor.of(tensor)));
    return found;
  }

  /** Name and tensors' names, {@code generate (noise -> image)}. */
  @Override
  public String toString() {
    return "%s (%s -> %s)"
        .formatted(key, String.join(", ", inputs.keySet()), String.join(", ", outputs.keySet()));
  }
}

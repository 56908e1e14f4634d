package vae.serve;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import vae.storage.ModelSignature;
import vae.storage.ModelSignature.NamedTensor;

/**
 * The body of a {@code :predict}: a function's key and its inputs, in rows ({@code instances}) or
 * in columns ({@code inputs}).
 *
 * @param body the whole object
 * @param signature empty for the default one
 */
record PredictRequest(Map<?, ?> body, String signature) {
  private static final String SIGNATURE = "signature_name";
  private static final String INSTANCES = "instances";
  private static final String INPUTS = "inputs";

  /**
   * Reads it.
   *
   * @throws ServingException if it is no JSON, or names no function
   */
  static PredictRequest read(byte[] text) throws ServingException {
    Map<?, ?> body = JsonTree.object(text);
    Object key = body.containsKey(SIGNATURE) ? body.get(SIGNATURE) : "";
    if (key instanceof String signature) {
      return new PredictRequest(body, signature);
    }
    throw ServingException.invalid(
        "JSON Value: "
            + JsonTree.shown(body)
            + " not formatted correctly. 'signature_name' key must be a string value.");
  }

  /** Whether it asks in rows, and is answered so. */
  boolean isInRows() {
    return body.containsKey(INSTANCES);
  }

  /**
   * Its tensors, by the names of the function's inputs.
   *
   * @throws ServingException if they are not what the function takes
   */
  SortedMap<String, float[][]> inputs(ModelSignature function) throws ServingException {
    Object instances = body.get(INSTANCES);
    Object inputs = body.get(INPUTS);
    if (instances != null && inputs != null) {
      throw wrong(
          "Not formatted correctly expecting only one of 'inputs' or 'instances' keys to exist ");
    }
    if (instances == null && inputs == null) {
      throw ServingException.invalid("Missing 'inputs' or 'instances' key");
    }
    SortedMap<String, DenseTensor> tensors =
        instances != null
            ? ofRows(rows(instances), function.inputs())
            : ofColumns(Objects.requireNonNull(inputs), function.inputs());
    SortedMap<String, float[][]> matrices = new TreeMap<>();
    for (var tensor : tensors.entrySet()) {
      if (tensor.getValue().shape().length != 2) {
        throw ServingException.invalid(
            "input %s: expected a matrix, found shape %s"
                .formatted(tensor.getKey(), tensor.getValue().shapeText()));
      }
      matrices.put(tensor.getKey(), tensor.getValue().rows());
    }
    return matrices;
  }

  private Object rows(Object instances) throws ServingException {
    if (!JsonTree.isArray(instances)) {
      throw wrong("Expecting 'instances' to be an list/array");
    }
    if (JsonTree.size(instances) == 0) {
      throw wrong("No values in 'instances' array");
    }
    return instances;
  }

  private ServingException wrong(String what) {
    return ServingException.invalid("JSON Value: " + JsonTree.shown(body) + " " + what);
  }

  private static SortedMap<String, DenseTensor> ofColumns(
      Object inputs, SortedMap<String, NamedTensor> expected) throws ServingException {
    SortedMap<String, DenseTensor> tensors = new TreeMap<>();
    if (inputs instanceof Map<?, ?> named) {
      for (String name : expected.keySet()) {
        Object value = named.get(name);
        if (value == null) {
          throw ServingException.invalid("Missing named input: " + name + " in 'inputs' object.");
        }
        tensors.put(name, DenseTensor.of(value));
      }
    } else if (expected.size() > 1) {
      throw ServingException.invalid(
          "inputs is a plain value/list, but expecting an object as multiple input tensors required"
              + " as per tensorinfo_map");
    } else {
      tensors.put(expected.firstKey(), DenseTensor.of(inputs));
    }
    return tensors;
  }

  private static SortedMap<String, DenseTensor> ofRows(
      Object instances, SortedMap<String, NamedTensor> expected) throws ServingException {
    boolean objects = JsonTree.element(instances, 0) instanceof Map;
    if (!objects && expected.size() > 1) {
      throw ServingException.invalid(
          "instances is a plain list, but expecting list of objects as multiple input tensors"
              + " required as per tensorinfo_map");
    }
    SortedMap<String, List<DenseTensor>> rows = new TreeMap<>();
    int count = JsonTree.size(instances);
    for (int i = 0; i < count; i++) {
      Object instance = JsonTree.element(instances, i);
      if (objects && instance instanceof Map<?, ?> named) {
        addObject(named, i, expected, rows);
      } else if (objects) {
        throw ServingException.invalid(
            "Expecting object but got list at item %d of input list".formatted(i));
      } else if (instance instanceof Map) {
        throw ServingException.invalid(
            "Expecting value/list but got object at item %d of input list".formatted(i));
      } else {
        try {
          add(instance, expected.firstKey(), rows);
        } catch (ServingException e) {
          throw failed(i, "", e);
        }
      }
    }
    SortedMap<String, DenseTensor> tensors = new TreeMap<>();
    rows.forEach((name, all) -> tensors.put(name, stacked(all)));
    return tensors;
  }

  private static void addObject(
      Map<?, ?> named,
      int place,
      SortedMap<String, NamedTensor> expected,
      SortedMap<String, List<DenseTensor>> rows)
      throws ServingException {
    Set<String> found = new TreeSet<>();
    for (Map.Entry<?, ?> entry : named.entrySet()) {
      String name = String.valueOf(entry.getKey());
      found.add(name);
      try {
        if (!expected.containsKey(name)) {
          throw ServingException.invalid("JSON object: does not have named input: " + name);
        }
        add(entry.getValue(), name, rows);
      } catch (ServingException e) {
        throw failed(place, " key: " + name, e);
      }
    }
    if (!found.equals(expected.keySet())) {
      throw ServingException.invalid(
          "Failed to process element: %d of 'instances' list. JSON object: %s keys must be equal to: %s"
              .formatted(place, JsonTree.shown(named), String.join(",", expected.keySet())));
    }
  }

  private static void add(Object value, String name, SortedMap<String, List<DenseTensor>> rows)
      throws ServingException {
    DenseTensor tensor = DenseTensor.of(value);
    List<DenseTensor> all = rows.computeIfAbsent(name, key -> new ArrayList<>());
    if (!all.isEmpty()) {
      DenseTensor first = all.get(0);
      if (first.values().length != tensor.values().length) {
        throw ServingException.invalid(
            "Expecting tensor size: %d but got: %d"
                .formatted(first.values().length, tensor.values().length));
      }
      if (!Arrays.equals(first.shape(), tensor.shape())) {
        throw ServingException.invalid(
            "Expecting shape %s but got: %s".formatted(first.shapeText(), tensor.shapeText()));
      }
    }
    all.add(tensor);
  }

  private static ServingException failed(int place, String key, ServingException e) {
    return ServingException.invalid(
        "Failed to process element: %d%s of 'instances' list. Error: INVALID_ARGUMENT: %s"
            .formatted(place, key, e.getMessage()));
  }

  private static DenseTensor stacked(List<DenseTensor> rows) {
    int[] inner = rows.get(0).shape();
    int[] shape = new int[inner.length + 1];
    shape[0] = rows.size();
    System.arraycopy(inner, 0, shape, 1, inner.length);
    int size = rows.get(0).values().length;
    float[] values = new float[rows.size() * size];
    for (int i = 0; i < rows.size(); i++) {
      System.arraycopy(rows.get(i).values(), 0, values, i * size, size);
    }
    return new DenseTensor(shape, values);
  }
}

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
import vae.functions.ModelSignature;
import vae.functions.ModelSignature.NamedTensor;
import vae.tensor.ElementType;
import vae.tensor.Values;

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
  SortedMap<String, Values> inputs(ModelSignature function) throws ServingException {
    Object instances = body.get(INSTANCES);
    Object inputs = body.get(INPUTS);
    if (instances != null && inputs != null) {
      throw wrong(
          "Not formatted correctly expecting only one of 'inputs' or 'instances' keys to exist ");
    }
    if (instances == null && inputs == null) {
      throw ServingException.invalid("Missing 'inputs' or 'instances' key");
    }
    return instances != null
        ? ofRows(rows(instances), function.inputs())
        : ofColumns(Objects.requireNonNull(inputs), function.inputs());
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

  private static SortedMap<String, Values> ofColumns(
      Object inputs, SortedMap<String, NamedTensor> expected) throws ServingException {
    SortedMap<String, Values> tensors = new TreeMap<>();
    if (isObject(inputs)) {
      Map<?, ?> named = (Map<?, ?>) inputs;
      for (Map.Entry<String, NamedTensor> input : expected.entrySet()) {
        Object value = named.get(input.getKey());
        if (value == null) {
          throw ServingException.invalid(
              "Missing named input: " + input.getKey() + " in 'inputs' object.");
        }
        tensors.put(input.getKey(), JsonTensor.read(value, type(input.getValue())));
      }
    } else if (expected.size() > 1) {
      throw ServingException.invalid(
          "inputs is a plain value/list, but expecting an object as multiple input tensors required"
              + " as per tensorinfo_map");
    } else {
      String name = expected.firstKey();
      tensors.put(name, JsonTensor.read(inputs, type(Objects.requireNonNull(expected.get(name)))));
    }
    return tensors;
  }

  private static SortedMap<String, Values> ofRows(
      Object instances, SortedMap<String, NamedTensor> expected) throws ServingException {
    Object first = JsonTree.element(instances, 0);
    if (!(first instanceof Map) && expected.size() > 1) {
      throw ServingException.invalid(
          "instances is a plain list, but expecting list of objects as multiple input tensors"
              + " required as per tensorinfo_map");
    }
    boolean objects = isObject(first);
    SortedMap<String, List<Values>> rows = new TreeMap<>();
    int count = JsonTree.size(instances);
    for (int i = 0; i < count; i++) {
      Object instance = JsonTree.element(instances, i);
      if (objects && isObject(instance)) {
        addObject((Map<?, ?>) instance, i, expected, rows);
      } else if (objects) {
        throw ServingException.invalid(
            "Expecting object but got list at item %d of input list".formatted(i));
      } else if (isObject(instance)) {
        throw ServingException.invalid(
            "Expecting value/list but got object at item %d of input list".formatted(i));
      } else {
        try {
          add(instance, expected.firstKey(), expected, rows);
        } catch (ServingException e) {
          throw failed(i, "", e);
        }
      }
    }
    SortedMap<String, Values> tensors = new TreeMap<>();
    rows.forEach((name, all) -> tensors.put(name, Values.joined(all)));
    return tensors;
  }

  private static void addObject(
      Map<?, ?> named,
      int place,
      SortedMap<String, NamedTensor> expected,
      SortedMap<String, List<Values>> rows)
      throws ServingException {
    Set<String> found = new TreeSet<>();
    for (Map.Entry<?, ?> entry : named.entrySet()) {
      String name = String.valueOf(entry.getKey());
      found.add(name);
      try {
        add(entry.getValue(), name, expected, rows);
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

  /** Adds a row, as a tensor of one row. */
  private static void add(
      Object value,
      String name,
      SortedMap<String, NamedTensor> expected,
      SortedMap<String, List<Values>> rows)
      throws ServingException {
    NamedTensor tensor = expected.get(name);
    if (tensor == null) {
      throw ServingException.invalid("JSON object: does not have named input: " + name);
    }
    Values row = JsonTensor.read(value, type(tensor));
    List<Values> all = rows.computeIfAbsent(name, key -> new ArrayList<>());
    if (!all.isEmpty()) {
      Values first = all.get(0);
      if (first.size() != row.size()) {
        throw ServingException.invalid(
            "Expecting tensor size: %d but got: %d".formatted(first.size(), row.size()));
      }
      if (!Arrays.equals(first.rowShape(), row.shape())) {
        throw ServingException.invalid(
            "Expecting shape %s but got: %s"
                .formatted(Values.text(first.rowShape()), Values.text(row.shape())));
      }
    }
    all.add(row.asRow());
  }

  private static ServingException failed(int place, String key, ServingException e) {
    return ServingException.invalid(
        "Failed to process element: %d%s of 'instances' list. Error: INVALID_ARGUMENT: %s"
            .formatted(place, key, e.getMessage()));
  }

  /** An object of named tensors, and none that stands for bytes. */
  private static boolean isObject(Object value) {
    return value instanceof Map && !JsonTensor.isBase64(value);
  }

  /** {@link Signatures#of} has seen that it is one that JSON can write. */
  private static ElementType type(NamedTensor tensor) {
    return tensor.type().orElseThrow();
  }
}

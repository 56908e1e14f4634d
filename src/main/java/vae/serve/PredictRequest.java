package vae.serve;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
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

  boolean isInRows() {
    return body.containsKey(INSTANCES);
  }

  SortedMap<String, Values> inputs(ModelSignature function) throws ServingException {
    Object instances = body.get(INSTANCES);
    Object inputs = body.get(INPUTS);
    if (instances != null && inputs != null) {
      throw wrong(
          "Not formatted correctly expecting only one of 'inputs' or 'instances' keys to exist ");
    }
    if (inputs != null) {
      return ofColumns(inputs, function.inputs());
    }
    if (instances == null) {
      throw ServingException.invalid("Missing 'inputs' or 'instances' key");
    }
    if (!JsonTree.isArray(instances)) {
      throw wrong("Expecting 'instances' to be an list/array");
    }
    if (JsonTree.size(instances) == 0) {
      throw wrong("No values in 'instances' array");
    }
    return ofRows(instances, function.inputs());
  }

  private ServingException wrong(String what) {
    return ServingException.invalid("JSON Value: " + JsonTree.shown(body) + " " + what);
  }

  private static SortedMap<String, Values> ofColumns(
      Object inputs, SortedMap<String, NamedTensor> expected) throws ServingException {
    SortedMap<String, Values> tensors = new TreeMap<>();
    if (!isObject(inputs) && expected.size() > 1) {
      throw ServingException.invalid(
          "inputs is a plain value/list, but expecting an object as multiple input tensors required"
              + " as per tensorinfo_map");
    }
    for (Map.Entry<String, NamedTensor> input : expected.entrySet()) {
      Object value = isObject(inputs) ? ((Map<?, ?>) inputs).get(input.getKey()) : inputs;
      if (value == null) {
        throw ServingException.invalid(
            "Missing named input: " + input.getKey() + " in 'inputs' object.");
      }
      tensors.put(input.getKey(), JsonTensor.read(value, type(input.getValue())));
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
    for (int i = 0; i < JsonTree.size(instances); i++) {
      Object instance = JsonTree.element(instances, i);
      if (isObject(instance) != objects) {
        String what = objects ? "object but got list" : "value/list but got object";
        throw ServingException.invalid("Expecting %s at item %d of input list".formatted(what, i));
      }
      Map<?, ?> named = objects ? (Map<?, ?>) instance : Map.of(expected.firstKey(), instance);
      for (Map.Entry<?, ?> entry : named.entrySet()) {
        String name = String.valueOf(entry.getKey());
        try {
          add(entry.getValue(), name, expected, rows);
        } catch (ServingException e) {
          throw ServingException.invalid(
              "Failed to process element: %d%s of 'instances' list. Error: INVALID_ARGUMENT: %s"
                  .formatted(i, objects ? " key: " + name : "", e.getMessage()));
        }
      }
      if (objects && !named.keySet().equals(expected.keySet())) {
        throw ServingException.invalid(
            "Failed to process element: %d of 'instances' list. JSON object: %s keys must be equal to: %s"
                .formatted(i, JsonTree.shown(named), String.join(",", expected.keySet())));
      }
    }
    SortedMap<String, Values> tensors = new TreeMap<>();
    rows.forEach((name, all) -> tensors.put(name, Values.joined(all)));
    return tensors;
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

  /** An object of named tensors, and none that stands for bytes. */
  private static boolean isObject(Object value) {
    return value instanceof Map && !JsonTensor.isBase64(value);
  }

  /** {@link Signatures#of} has seen that it is one that JSON can write. */
  private static ElementType type(NamedTensor tensor) {
    return tensor.type().orElseThrow();
  }
}

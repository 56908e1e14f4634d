package vae.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import vae.tensor.ElementType;
import vae.tensor.Values;

/**
 * A function of a model that scripts/dev/make_functions.py has written.
 *
 * @param signature its key
 * @param rows whether it can be asked in rows
 * @param inputs what is fed
 * @param outputs what Python computes of it
 */
record FunctionCase(
    String signature,
    boolean rows,
    SortedMap<String, Named> inputs,
    SortedMap<String, Named> outputs) {
  private static final double TOLERANCE = 1e-5;

  /** A tensor of the graph, and a value of it. */
  record Named(String tensor, Values values) {}

  /** All functions of a model's case.json. */
  static List<FunctionCase> of(Path model) throws IOException, ServingException {
    Map<?, ?> json = JsonTree.object(Files.readAllBytes(model.resolve("case.json")));
    List<FunctionCase> functions = new ArrayList<>();
    for (Object each : (List<?>) field(json, "functions")) {
      var function = (Map<?, ?>) each;
      functions.add(
          new FunctionCase(
              (String) field(function, "signature"),
              (Boolean) field(function, "rows"),
              tensors((Map<?, ?>) field(function, "inputs")),
              tensors((Map<?, ?>) field(function, "outputs"))));
    }
    return functions;
  }

  private static Object field(Map<?, ?> json, String name) {
    return Objects.requireNonNull(json.get(name));
  }

  private static SortedMap<String, Named> tensors(Map<?, ?> json) throws ServingException {
    SortedMap<String, Named> tensors = new TreeMap<>();
    for (Map.Entry<?, ?> entry : json.entrySet()) {
      var described = (Map<?, ?>) Objects.requireNonNull(entry.getValue());
      String dtype = ((String) field(described, "dtype")).toUpperCase(Locale.ROOT);
      ElementType type =
          switch (dtype) {
            case "FLOAT32" -> ElementType.FLOAT;
            case "FLOAT64" -> ElementType.DOUBLE;
            default -> ElementType.valueOf(dtype);
          };
      int[] shape = JsonTensor.read(field(described, "shape"), ElementType.INT32).ints();
      Values flat = JsonTensor.read(field(described, "values"), type);
      if (type == ElementType.STRING) {
        String[] texts = flat.texts();
        byte[][] bytes = new byte[texts.length][];
        for (int i = 0; i < texts.length; i++) {
          bytes[i] = Base64.getDecoder().decode(texts[i]);
        }
        flat = Values.wrap(type, bytes, texts.length);
      }
      tensors.put(
          (String) entry.getKey(),
          new Named((String) field(described, "tensor"), flat.reshaped(shape)));
    }
    return tensors;
  }

  /** What is fed, by name. */
  Map<String, Values> fed() {
    Map<String, Values> fed = new TreeMap<>();
    inputs.forEach((name, input) -> fed.put(name, input.values()));
    return fed;
  }

  /** The body of a request, in rows or in columns. */
  String body(boolean inRows) {
    var json = new StringBuilder("{\"signature_name\":\"").append(signature);
    json.append(inRows ? "\",\"instances\":[" : "\",\"inputs\":{");
    if (inRows) {
      int count = inputs.values().iterator().next().values().rows();
      for (int i = 0; i < count; i++) {
        json.append(i == 0 ? "" : ",").append('{');
        int row = i;
        append(json, values -> RequestText.of(values.part(row, row + 1), 1));
        json.append('}');
      }
    } else {
      append(json, values -> RequestText.of(values, 0));
    }
    return json.append(inRows ? "]}" : "}}").toString();
  }

  private void append(StringBuilder json, java.util.function.Function<Values, String> text) {
    String before = "";
    for (Map.Entry<String, Named> input : inputs.entrySet()) {
      json.append(before).append('"').append(input.getKey()).append("\":");
      json.append(text.apply(input.getValue().values()));
      before = ",";
    }
  }

  /** Makes sure that a whole answer is what Python computes. */
  void requireAnswer(byte[] body, boolean inRows) throws ServingException {
    Map<?, ?> json = JsonTree.object(body);
    SortedMap<String, Values> found = new TreeMap<>();
    for (Map.Entry<String, Named> output : outputs.entrySet()) {
      String name = output.getKey();
      ElementType type = output.getValue().values().type();
      Object whole = Objects.requireNonNull(json.get(inRows ? "predictions" : "outputs"), "answer");
      Object value;
      if (inRows && outputs.size() > 1) {
        value =
            IntStream.range(0, JsonTree.size(whole))
                .mapToObj(i -> ((Map<?, ?>) JsonTree.element(whole, i)).get(name))
                .toList();
      } else {
        value = outputs.size() > 1 ? ((Map<?, ?>) whole).get(name) : whole;
      }
      found.put(name, JsonTensor.read(Objects.requireNonNull(value), type));
    }
    requireOutputs(found);
  }

  /** Makes sure that all outputs are what Python computes. */
  void requireOutputs(Map<String, Values> found) {
    assertThat(found.keySet()).isEqualTo(outputs.keySet());
    outputs.forEach(
        (name, output) ->
            requireSame(name, Objects.requireNonNull(found.get(name)), output.values()));
  }

  private static void requireSame(String name, Values found, Values expected) {
    assertThat(found).as(name).hasToString(expected.toString());
    if (!expected.type().isFloating()) {
      assertThat(found).as(name).isEqualTo(expected);
      return;
    }
    double[] values = found.as(ElementType.DOUBLE).doubles();
    double[] wanted = expected.as(ElementType.DOUBLE).doubles();
    for (int i = 0; i < wanted.length; i++) {
      assertThat(values[i])
          .as("%s, value %d", name, i)
          .isCloseTo(wanted[i], Offset.offset(TOLERANCE * Math.max(1, Math.abs(wanted[i]))));
    }
  }
}

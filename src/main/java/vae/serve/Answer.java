package vae.serve;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.jr.ob.JSON;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Array;
import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import vae.functions.ModelSignature;
import vae.functions.ModelSignature.NamedTensor;
import vae.tensor.ElementType;
import vae.tensor.Values;

/**
 * What goes back over HTTP. The JSON is what TensorFlow Serving sends, but for the space between
 * its tokens and the digits of its numbers, which are the fewest that give the same float32.
 *
 * @param status HTTP's
 * @param type its content's
 * @param body its content
 */
@SuppressWarnings("ArrayRecordComponent") // Only written.
record Answer(int status, String type, byte[] body) {
  /** Of outputs whose strings are bytes, in Serving's convention. */
  private static final String BYTES_SUFFIX = "_bytes";

  private static final JSON WRITER =
      new JSON(
          JsonFactory.builder()
              .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
              .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
              .build());

  /** {@code {"error": …}}. */
  static Answer error(int status, String message) {
    return json(status, object("error", message));
  }

  /** Maps, lists, strings, numbers, and bytes, which become base64. */
  static Answer json(int status, Object tree) {
    var bytes = new ByteArrayOutputStream(); // asBytes takes 7 % longer for many images.
    try {
      WRITER.write(tree, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("memory can't fail like a disk", e);
    }
    return new Answer(status, "application/json", bytes.toByteArray());
  }

  /** An object of fields in this order: a name, its value, the next name. */
  static Map<String, Object> object(Object... namesAndValues) {
    Map<String, Object> object = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      object.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return object;
  }

  /**
   * Outputs a row an instance: each is the one output's, or an object of several.
   *
   * @throws ServingException if they have not as many rows
   */
  static Answer ofRows(SortedMap<String, Values> outputs) throws ServingException {
    int rows = -1;
    for (Map.Entry<String, Values> output : outputs.entrySet()) {
      Values values = output.getValue();
      if (values.rank() == 0) {
        throw ServingException.invalid(
            "Tensor name: %s has no shape information ".formatted(output.getKey()));
      }
      if (rows >= 0 && values.rows() != rows) {
        throw ServingException.invalid(
            "Tensor name: %s has inconsistent batch size: %d expecting: %d"
                .formatted(output.getKey(), values.rows(), rows));
      }
      rows = values.rows();
    }
    Map<String, Object> columns = columns(outputs);
    Object predictions =
        columns.size() == 1
            ? columns.values().iterator().next()
            : IntStream.range(0, rows).mapToObj(row -> row(columns, row)).toList();
    return json(200, object("predictions", predictions));
  }

  private static Map<String, Object> row(Map<String, Object> columns, int row) {
    Map<String, Object> values = new LinkedHashMap<>();
    columns.forEach((name, column) -> values.put(name, row(column, row)));
    return values;
  }

  private static Object row(Object column, int row) {
    return column instanceof List<?> rows ? rows.get(row) : Array.get(column, row);
  }

  /** Outputs whole: the one output, or an object of several. */
  static Answer ofColumns(SortedMap<String, Values> outputs) {
    Map<String, Object> columns = columns(outputs);
    return json(
        200, object("outputs", columns.size() == 1 ? columns.values().iterator().next() : columns));
  }

  private static Map<String, Object> columns(SortedMap<String, Values> outputs) {
    Map<String, Object> columns = new LinkedHashMap<>();
    outputs.forEach((name, values) -> columns.put(name, tree(values, name.endsWith(BYTES_SUFFIX))));
    return columns;
  }

  /** A tensor as {@link #json} takes it: lists as deep as its rank, the innermost an array. */
  private static Object tree(Values values, boolean asBytes) {
    Object data =
        switch (values.type()) {
          case UINT8 -> values.as(ElementType.INT32).data();
          case STRING -> Stream.of(values.strings()).map(each -> text(each, asBytes)).toArray();
          default -> values.data();
        };
    return values.rank() == 0 ? Array.get(data, 0) : level(data, values.shape(), 0, 0);
  }

  private static Object text(byte[] bytes, boolean asBytes) {
    return asBytes ? object(JsonTensor.BASE64, bytes) : new String(bytes, StandardCharsets.UTF_8);
  }

  /**
   * Made when it is written, and then let go: arrays in arrays would take several times as much.
   */
  private static Object level(Object data, int[] shape, int level, int from) {
    if (level == shape.length - 1) {
      Object row = Array.newInstance(data.getClass().getComponentType(), shape[level]);
      System.arraycopy(data, from, row, 0, shape[level]);
      return row;
    }
    int size = Arrays.stream(shape, level + 1, shape.length).reduce(1, (a, b) -> a * b);
    return new AbstractList<Object>() {
      @Override
      public Object get(int row) {
        return level(data, shape, level + 1, from + row * size);
      }

      @Override
      public int size() {
        return shape[level];
      }
    };
  }

  /** {@code model_version_status}. */
  static Answer ofStates(SortedMap<Long, Predictor.VersionState> states) {
    List<Object> versions = new ArrayList<>();
    states.forEach(
        (version, state) -> {
          Map<String, Object> json = object("version", version.toString(), "state", state.state());
          json.put("status", object("error_code", state.code(), "error_message", state.message()));
          versions.add(json);
        });
    return json(200, object("model_version_status", versions));
  }

  /** A version's functions; Serving nests {@code signature_def} in itself, and quotes sizes. */
  static Answer ofMetadata(String model, Predictor.Offer offer) {
    Map<String, Object> signatures = new LinkedHashMap<>();
    for (ModelSignature signature : offer.signatures().values()) {
      Map<String, Object> json = object("inputs", tensors(signature.inputs()));
      json.put("outputs", tensors(signature.outputs()));
      json.put("method_name", signature.method());
      json.put("defaults", Map.of());
      signatures.put(signature.key(), json);
    }
    String version = String.valueOf(offer.version());
    var spec = object("name", model, "signature_name", "", "version", version);
    var metadata = object("signature_def", object("signature_def", signatures));
    return json(200, object("model_spec", spec, "metadata", metadata));
  }

  private static Map<String, Object> tensors(SortedMap<String, NamedTensor> tensors) {
    Map<String, Object> described = new LinkedHashMap<>();
    for (Map.Entry<String, NamedTensor> entry : tensors.entrySet()) {
      NamedTensor tensor = entry.getValue();
      List<Object> sizes =
          LongStream.of(tensor.shape().orElse(new long[0]))
              .<Object>mapToObj(size -> object("size", String.valueOf(size), "name", ""))
              .toList();
      var shape = object("dim", sizes, "unknown_rank", tensor.shape().isEmpty());
      described.put(
          entry.getKey(),
          object("dtype", tensor.dataType(), "tensor_shape", shape, "name", tensor.name()));
    }
    return described;
  }
}

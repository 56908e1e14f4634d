package vae.serve;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import vae.functions.ModelSignature;
import vae.functions.ModelSignature.NamedTensor;
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

  private static final String JSON_TYPE = "application/json";
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
          .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
          .build();

  /** Writes one JSON value. */
  @FunctionalInterface
  interface Content {
    /** Writes it. */
    void writeTo(JsonGenerator json) throws IOException;
  }

  static Answer json(Content content) {
    return json(200, content);
  }

  /** {@code {"error": …}}. */
  static Answer error(int status, String message) {
    return json(
        status,
        json -> {
          json.writeStartObject();
          json.writeStringField("error", message);
          json.writeEndObject();
        });
  }

  private static Answer json(int status, Content content) {
    var bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      content.writeTo(json);
    } catch (IOException e) {
      throw new UncheckedIOException("memory can't fail like a disk", e);
    }
    return new Answer(status, JSON_TYPE, bytes.toByteArray());
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
    int count = rows;
    return json(
        json -> {
          json.writeStartObject();
          json.writeArrayFieldStart("predictions");
          for (int i = 0; i < count; i++) {
            if (outputs.size() > 1) {
              json.writeStartObject();
            }
            for (Map.Entry<String, Values> output : outputs.entrySet()) {
              if (outputs.size() > 1) {
                json.writeFieldName(output.getKey());
              }
              write(json, output.getKey(), output.getValue(), 1, i * output.getValue().rowSize());
            }
            if (outputs.size() > 1) {
              json.writeEndObject();
            }
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  /** Outputs whole: the one output, or an object of several. */
  static Answer ofColumns(SortedMap<String, Values> outputs) {
    return json(
        json -> {
          json.writeStartObject();
          json.writeFieldName("outputs");
          if (outputs.size() > 1) {
            json.writeStartObject();
          }
          for (Map.Entry<String, Values> output : outputs.entrySet()) {
            if (outputs.size() > 1) {
              json.writeFieldName(output.getKey());
            }
            write(json, output.getKey(), output.getValue(), 0, 0);
          }
          if (outputs.size() > 1) {
            json.writeEndObject();
          }
          json.writeEndObject();
        });
  }

  /**
   * Writes a part of a tensor: arrays from a level on, down to the values.
   *
   * @param at where the part's values begin
   * @return where they end
   */
  private static int write(JsonGenerator json, String name, Values values, int level, int at)
      throws IOException {
    int[] shape = values.shape();
    if (level == shape.length) {
      writeValues(json, name, values, at, at + 1);
      return at + 1;
    }
    json.writeStartArray();
    int next = at;
    if (level == shape.length - 1) {
      next = at + shape[level];
      writeValues(json, name, values, at, next);
    } else {
      for (int i = 0; i < shape[level]; i++) {
        next = write(json, name, values, level + 1, next);
      }
    }
    json.writeEndArray();
    return next;
  }

  /** The array is looked up once for many values: numbers are most of an answer's time. */
  private static void writeValues(JsonGenerator json, String name, Values values, int from, int to)
      throws IOException {
    switch (values.type()) {
      case FLOAT -> {
        float[] floats = values.floats();
        for (int i = from; i < to; i++) {
          json.writeNumber(floats[i]);
        }
      }
      case DOUBLE -> {
        double[] doubles = values.doubles();
        for (int i = from; i < to; i++) {
          json.writeNumber(doubles[i]);
        }
      }
      default -> {
        for (int i = from; i < to; i++) {
          writeValue(json, name, values, i);
        }
      }
    }
  }

  private static void writeValue(JsonGenerator json, String name, Values values, int at)
      throws IOException {
    switch (values.type()) {
      case INT32 -> json.writeNumber(values.ints()[at]);
      case INT64 -> json.writeNumber(values.longs()[at]);
      case UINT8 -> json.writeNumber(values.bytes()[at] & 0xff);
      case BOOL -> json.writeBoolean(values.booleans()[at]);
      case STRING -> writeString(json, name, values.strings()[at]);
      case FLOAT, DOUBLE -> throw new IllegalArgumentException("written many at once");
    }
  }

  /** Bytes where the output's name says so, else a text. */
  private static void writeString(JsonGenerator json, String name, byte[] bytes)
      throws IOException {
    if (name.endsWith(BYTES_SUFFIX)) {
      json.writeStartObject();
      for (Map.Entry<String, String> field : JsonTensor.base64(bytes).entrySet()) {
        json.writeStringField(field.getKey(), field.getValue());
      }
      json.writeEndObject();
    } else {
      json.writeString(new String(bytes, StandardCharsets.UTF_8));
    }
  }

  /** {@code model_version_status}. */
  static Answer ofStates(SortedMap<Long, Predictor.VersionState> states) {
    return json(
        json -> {
          json.writeStartObject();
          json.writeArrayFieldStart("model_version_status");
          for (var version : states.entrySet()) {
            json.writeStartObject();
            json.writeStringField("version", String.valueOf(version.getKey()));
            json.writeStringField("state", version.getValue().state());
            json.writeObjectFieldStart("status");
            json.writeStringField("error_code", version.getValue().code());
            json.writeStringField("error_message", version.getValue().message());
            json.writeEndObject();
            json.writeEndObject();
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  /** A version's functions; Serving nests {@code signature_def} in itself, and quotes sizes. */
  static Answer ofMetadata(String model, Predictor.Offer offer) {
    return json(
        json -> {
          json.writeStartObject();
          json.writeObjectFieldStart("model_spec");
          json.writeStringField("name", model);
          json.writeStringField("signature_name", "");
          json.writeStringField("version", String.valueOf(offer.version()));
          json.writeEndObject();
          json.writeObjectFieldStart("metadata");
          json.writeObjectFieldStart("signature_def");
          json.writeObjectFieldStart("signature_def");
          for (ModelSignature signature : offer.signatures().values()) {
            json.writeObjectFieldStart(signature.key());
            writeTensors(json, "inputs", signature.inputs());
            writeTensors(json, "outputs", signature.outputs());
            json.writeStringField("method_name", signature.method());
            json.writeObjectFieldStart("defaults");
            json.writeEndObject();
            json.writeEndObject();
          }
          json.writeEndObject();
          json.writeEndObject();
          json.writeEndObject();
          json.writeEndObject();
        });
  }

  private static void writeTensors(
      JsonGenerator json, String field, SortedMap<String, NamedTensor> tensors) throws IOException {
    json.writeObjectFieldStart(field);
    for (Map.Entry<String, NamedTensor> entry : tensors.entrySet()) {
      NamedTensor tensor = entry.getValue();
      json.writeObjectFieldStart(entry.getKey());
      json.writeStringField("dtype", tensor.dataType());
      json.writeObjectFieldStart("tensor_shape");
      json.writeArrayFieldStart("dim");
      for (long size : tensor.shape().orElse(new long[0])) {
        json.writeStartObject();
        json.writeStringField("size", String.valueOf(size));
        json.writeStringField("name", "");
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeBooleanField("unknown_rank", tensor.shape().isEmpty());
      json.writeEndObject();
      json.writeStringField("name", tensor.name());
      json.writeEndObject();
    }
    json.writeEndObject();
  }
}

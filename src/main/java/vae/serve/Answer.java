package vae.serve;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.SortedMap;
import vae.storage.ModelSignature;
import vae.storage.ModelSignature.NamedTensor;

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

  /** Outputs a row an instance: each is the one output's, or an object of several. */
  static Answer ofRows(SortedMap<String, float[][]> outputs) {
    float[][] first = outputs.values().iterator().next();
    return json(
        json -> {
          json.writeStartObject();
          json.writeArrayFieldStart("predictions");
          for (int i = 0; i < first.length; i++) {
            if (outputs.size() == 1) {
              writeRow(json, first[i]);
              continue;
            }
            json.writeStartObject();
            for (Map.Entry<String, float[][]> output : outputs.entrySet()) {
              json.writeFieldName(output.getKey());
              writeRow(json, output.getValue()[i]);
            }
            json.writeEndObject();
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  /** Outputs whole: the one output, or an object of several. */
  static Answer ofColumns(SortedMap<String, float[][]> outputs) {
    return json(
        json -> {
          json.writeStartObject();
          json.writeFieldName("outputs");
          if (outputs.size() == 1) {
            writeRows(json, outputs.values().iterator().next());
          } else {
            json.writeStartObject();
            for (Map.Entry<String, float[][]> output : outputs.entrySet()) {
              json.writeFieldName(output.getKey());
              writeRows(json, output.getValue());
            }
            json.writeEndObject();
          }
          json.writeEndObject();
        });
  }

  private static void writeRows(JsonGenerator json, float[][] rows) throws IOException {
    json.writeStartArray();
    for (float[] row : rows) {
      writeRow(json, row);
    }
    json.writeEndArray();
  }

  private static void writeRow(JsonGenerator json, float[] row) throws IOException {
    json.writeStartArray();
    for (float value : row) {
      json.writeNumber(value);
    }
    json.writeEndArray();
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

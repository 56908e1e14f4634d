package vae.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;
import vae.files.ModelException;
import vae.imports.Tf1Import;
import vae.storage.LoadedModel;
import vae.tf1.GraphCollections;
import vae.tf1.ListedVariable;
import vae.tf1.Tf1Names;
import vae.tf1.TutorialVariable;

/**
 * What there is to see in a model.
 *
 * @param folder where it was loaded from
 * @param signatures by key
 * @param collectionKeys sorted
 * @param trainable the collection {@code trainable_variables}
 * @param variables the collection {@code variables}
 * @param fetchedShapes the shapes of the trainable variables' values, by op
 * @param roles what the variables are in the tutorial, by op; empty if they are not its
 */
record Inspection(
    String folder,
    Map<String, SignatureDef> signatures,
    List<String> collectionKeys,
    List<ListedVariable> trainable,
    List<ListedVariable> variables,
    Map<String, Shape> fetchedShapes,
    Map<String, String> roles) {

  /** What is in a SavedModel. */
  static Inspection of(LoadedModel model) throws ModelException {
    return of(
        model,
        GraphCollections.keys(model.metaGraph()),
        model.variables(Tf1Names.TRAINABLE_VARIABLES),
        model.variables(Tf1Names.GLOBAL_VARIABLES));
  }

  /** What was in a meta graph from which a model has been restored. */
  static Inspection of(Tf1Import imported, LoadedModel restored) throws ModelException {
    return of(
        restored,
        GraphCollections.keys(imported.metaGraph()),
        imported.variables(Tf1Names.TRAINABLE_VARIABLES),
        imported.variables(Tf1Names.GLOBAL_VARIABLES));
  }

  private static Inspection of(
      LoadedModel model,
      List<String> collectionKeys,
      List<ListedVariable> trainable,
      List<ListedVariable> variables)
      throws ModelException {
    return new Inspection(
        model.source().toString(),
        new TreeMap<>(model.metaGraph().getSignatureDefMap()),
        collectionKeys,
        trainable,
        variables,
        model.fetchShapes(Tf1Names.TRAINABLE_VARIABLES),
        TutorialVariable.roles(trainable));
  }

  /** For people, in the tutorial's words where it has any. */
  String text() {
    return PlainText.line(folder)
        + System.lineSeparator()
        + System.lineSeparator()
        + functions()
        + System.lineSeparator()
        + collections();
  }

  /** The part that tells of the functions. */
  String functions() {
    var text = new StringWriter();
    var out = new PrintWriter(text);
    out.println("signatures");
    signatures.forEach(
        (key, signature) ->
            out.printf(
                "  %s: %s -> %s%n",
                key, tensors(signature.getInputsMap()), tensors(signature.getOutputsMap())));
    return PlainText.lines(text.toString());
  }

  /** The part for people that the tutorial prints: collections, listings, shapes. */
  String collections() {
    var text = new StringWriter();
    var out = new PrintWriter(text);
    out.println("graph.get_all_collection_keys()");
    out.println(collectionKeys.stream().collect(Collectors.joining("', '", "['", "']")));
    out.println();
    out.println(Tf1Names.TRAINABLE_VARIABLES);
    trainable.forEach(out::println);
    out.println();
    out.println(Tf1Names.GLOBAL_VARIABLES);
    variables.forEach(out::println);
    out.println();
    out.printf("a=sess.run(graph.get_collection('%s'))%n", Tf1Names.TRAINABLE_VARIABLES);
    int i = 0;
    for (Map.Entry<String, Shape> fetched : fetchedShapes.entrySet()) {
      out.printf(
          "%-12s a[%d]  %-11s %s%n",
          ListedVariable.tuple(dims(fetched.getValue())),
          i++,
          fetched.getKey(),
          roles.getOrDefault(fetched.getKey(), ""));
    }
    if (!roles.isEmpty()) {
      printSlots(
          out,
          Tf1Names.MEAN_SQUARE_SLOT,
          "mean square of its gradient",
          Tf1Names.MOMENTUM_SLOT,
          "momentum");
      printSlots(
          out,
          Tf1Names.FIRST_MOMENT_SLOT,
          "mean of its gradient",
          Tf1Names.SECOND_MOMENT_SLOT,
          "mean square");
    }
    return PlainText.lines(text.toString());
  }

  private void printSlots(
      PrintWriter out, String first, String firstRole, String second, String secondRole) {
    if (variables.stream().anyMatch(variable -> variable.op().endsWith(first))) {
      out.printf(
          "slots: <variable>%s is the %s, <variable>%s its %s%n",
          first, firstRole, second, secondRole);
    }
  }

  /** Of a model that is refused: what each of its signatures is refused for. */
  static String text(Map<String, String> obstacles) {
    var text = new StringBuilder();
    obstacles.forEach(
        (key, why) ->
            text.append(PlainText.shortLine(key))
                .append(": ")
                .append(PlainText.line(why))
                .append(System.lineSeparator()));
    return text.toString();
  }

  /** The same for programs. */
  static String json(Path folder, Map<String, String> obstacles) throws IOException {
    var text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      json.writeStringField("saved_model", folder.toString());
      json.writeObjectFieldStart("refused");
      for (Map.Entry<String, String> obstacle : obstacles.entrySet()) {
        json.writeStringField(obstacle.getKey(), obstacle.getValue());
      }
      json.writeEndObject();
      json.writeEndObject();
    }
    return text.append('\n').toString();
  }

  /** For programs. */
  String json() throws IOException {
    var text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      json.writeStringField("saved_model", folder);
      json.writeObjectFieldStart("signatures");
      for (Map.Entry<String, SignatureDef> signature : signatures.entrySet()) {
        json.writeObjectFieldStart(signature.getKey());
        json.writeStringField("method_name", signature.getValue().getMethodName());
        writeTensors(json, "inputs", signature.getValue().getInputsMap());
        writeTensors(json, "outputs", signature.getValue().getOutputsMap());
        json.writeEndObject();
      }
      json.writeEndObject();
      json.writeArrayFieldStart("collections");
      for (String key : collectionKeys) {
        json.writeString(key);
      }
      json.writeEndArray();
      writeVariables(json, Tf1Names.TRAINABLE_VARIABLES, trainable);
      writeVariables(json, Tf1Names.GLOBAL_VARIABLES, variables);
      json.writeArrayFieldStart("fetched_shapes");
      for (Shape shape : fetchedShapes.values()) {
        writeLongs(json, dims(shape));
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    return text.append('\n').toString();
  }

  private void writeVariables(JsonGenerator json, String key, List<ListedVariable> listed)
      throws IOException {
    json.writeArrayFieldStart(key);
    for (ListedVariable variable : listed) {
      json.writeStartObject();
      json.writeStringField("name", Tf1Names.tensor(variable.op()));
      json.writeFieldName("shape");
      writeLongs(json, variable.shape());
      json.writeStringField("dtype", variable.dtype());
      if (roles.containsKey(variable.op())) {
        json.writeStringField("role", roles.get(variable.op()));
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void writeTensors(
      JsonGenerator json, String field, Map<String, TensorInfo> tensors) throws IOException {
    json.writeObjectFieldStart(field);
    for (Map.Entry<String, TensorInfo> tensor : new TreeMap<>(tensors).entrySet()) {
      json.writeObjectFieldStart(tensor.getKey());
      json.writeStringField("tensor", tensor.getValue().getName());
      json.writeFieldName("shape");
      if (tensor.getValue().getTensorShape().getUnknownRank()) {
        json.writeNull();
      } else {
        writeLongs(json, dims(tensor.getValue()));
      }
      json.writeStringField("dtype", tensor.getValue().getDtype().name());
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  private static void writeLongs(JsonGenerator json, List<Long> values) throws IOException {
    json.writeStartArray();
    for (long value : values) {
      json.writeNumber(value);
    }
    json.writeEndArray();
  }

  private static String tensors(Map<String, TensorInfo> tensors) {
    return new TreeMap<>(tensors)
        .entrySet().stream()
            .map(
                e ->
                    "%s%s %s %s"
                        .formatted(
                            e.getKey(),
                            type(e.getValue()),
                            shape(e.getValue()),
                            e.getValue().getName()))
            .collect(Collectors.joining(", "));
  }

  /** What a tensor holds; of float32, as most do, nothing is said. */
  private static String type(TensorInfo tensor) {
    return tensor.getDtype() == DataType.DT_FLOAT
        ? ""
        : " " + tensor.getDtype().name().replaceFirst("DT_", "").toLowerCase(Locale.ROOT);
  }

  private static String shape(TensorInfo tensor) {
    return tensor.getTensorShape().getUnknownRank() ? "(?)" : ListedVariable.tuple(dims(tensor));
  }

  private static List<Long> dims(TensorInfo tensor) {
    return tensor.getTensorShape().getDimList().stream()
        .map(TensorShapeProto.Dim::getSize)
        .toList();
  }

  private static List<Long> dims(Shape shape) {
    return shape.toListOrNull();
  }
}

package vae.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Formatter;
import java.util.LinkedHashMap;
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
public record Inspection(
    String folder,
    Map<String, SignatureDef> signatures,
    List<String> collectionKeys,
    List<ListedVariable> trainable,
    List<ListedVariable> variables,
    Map<String, Shape> fetchedShapes,
    Map<String, String> roles) {

  /** What is in a SavedModel. */
  public static Inspection of(LoadedModel model) throws ModelException {
    return of(
        model,
        GraphCollections.keys(model.metaGraph()),
        model.variables(Tf1Names.TRAINABLE_VARIABLES),
        model.variables(Tf1Names.GLOBAL_VARIABLES));
  }

  /** What was in a meta graph from which a model has been restored. */
  public static Inspection of(Tf1Import imported, LoadedModel restored) throws ModelException {
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
  public String text() {
    return "%s%n%n%s%n%s".formatted(PlainText.line(folder), functions(), collections());
  }

  /** The part that tells of the functions. */
  public String functions() {
    var text = new Formatter();
    text.format("signatures%n");
    signatures.forEach(
        (key, signature) ->
            text.format(
                "  %s: %s -> %s%n",
                key, tensors(signature.getInputsMap()), tensors(signature.getOutputsMap())));
    return PlainText.lines(text.toString());
  }

  /** The part for people that the tutorial prints: collections, listings, shapes. */
  public String collections() {
    var text = new Formatter();
    text.format("graph.get_all_collection_keys()%n");
    text.format("['%s']%n%n", String.join("', '", collectionKeys));
    text.format("%s%n", Tf1Names.TRAINABLE_VARIABLES);
    trainable.forEach(variable -> text.format("%s%n", variable));
    text.format("%n%s%n", Tf1Names.GLOBAL_VARIABLES);
    variables.forEach(variable -> text.format("%s%n", variable));
    text.format("%na=sess.run(graph.get_collection('%s'))%n", Tf1Names.TRAINABLE_VARIABLES);
    int i = 0;
    for (Map.Entry<String, Shape> fetched : fetchedShapes.entrySet()) {
      String op = fetched.getKey();
      String shape = ListedVariable.tuple(dims(fetched.getValue()));
      text.format("%-12s a[%d]  %-11s %s%n", shape, i++, op, roles.getOrDefault(op, ""));
    }
    if (hasSlots(Tf1Names.MEAN_SQUARE_SLOT)) {
      text.format(
          "slots: <variable>%s is the mean square of its gradient, <variable>%s its momentum%n",
          Tf1Names.MEAN_SQUARE_SLOT, Tf1Names.MOMENTUM_SLOT);
    }
    if (hasSlots(Tf1Names.FIRST_MOMENT_SLOT)) {
      text.format(
          "slots: <variable>%s is the mean of its gradient, <variable>%s its mean square%n",
          Tf1Names.FIRST_MOMENT_SLOT, Tf1Names.SECOND_MOMENT_SLOT);
    }
    return PlainText.lines(text.toString());
  }

  /** Whether the variables are the tutorial's, with an optimizer's slots. */
  private boolean hasSlots(String slot) {
    return !roles.isEmpty() && variables.stream().anyMatch(each -> each.op().endsWith(slot));
  }

  /** Of a model that is refused: what each of its signatures is refused for. */
  public static String text(Map<String, String> obstacles) {
    var text = new Formatter();
    obstacles.forEach(
        (key, why) -> text.format("%s: %s%n", PlainText.shortLine(key), PlainText.line(why)));
    return text.toString();
  }

  /** The same for programs. */
  public static String json(Path folder, Map<String, String> obstacles) throws IOException {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("saved_model", folder.toString());
    json.put("refused", obstacles);
    return Json.pretty(json);
  }

  /** For programs. */
  public String json() throws IOException {
    Map<String, Object> keyed = new LinkedHashMap<>();
    signatures.forEach((key, signature) -> keyed.put(key, json(signature)));
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("saved_model", folder);
    json.put("signatures", keyed);
    json.put("collections", collectionKeys);
    json.put(Tf1Names.TRAINABLE_VARIABLES, trainable.stream().map(this::json).toList());
    json.put(Tf1Names.GLOBAL_VARIABLES, variables.stream().map(this::json).toList());
    json.put("fetched_shapes", fetchedShapes.values().stream().map(Inspection::dims).toList());
    return Json.pretty(json);
  }

  private static Map<String, Object> json(SignatureDef signature) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("method_name", signature.getMethodName());
    json.put("inputs", json(signature.getInputsMap()));
    json.put("outputs", json(signature.getOutputsMap()));
    return json;
  }

  private static Map<String, Object> json(Map<String, TensorInfo> tensors) {
    Map<String, Object> json = new TreeMap<>();
    tensors.forEach(
        (key, tensor) -> {
          boolean isKnown = !tensor.getTensorShape().getUnknownRank();
          Map<String, Object> fields = new LinkedHashMap<>();
          fields.put("tensor", tensor.getName());
          fields.put("shape", isKnown ? dims(tensor) : null);
          fields.put("dtype", tensor.getDtype().name());
          json.put(key, fields);
        });
    return json;
  }

  private Map<String, Object> json(ListedVariable variable) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", Tf1Names.tensor(variable.op()));
    json.put("shape", variable.shape());
    json.put("dtype", variable.dtype());
    if (roles.containsKey(variable.op())) {
      json.put("role", roles.get(variable.op()));
    }
    return json;
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

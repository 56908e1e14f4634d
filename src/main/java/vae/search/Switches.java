package vae.search;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.proto.DataType;
import vae.metagraph.DataSources;
import vae.metagraph.NodeGraph;
import vae.tf1.TensorName;

/**
 * The scalars by which a graph is told whether it trains, and the values that they have when it is
 * used: {@code is_training} is false, dropout keeps all. What a scalar is used for tells it better
 * than its name: {@code dropout} may be what is dropped, or what is kept.
 */
record Switches(NodeGraph graph) {
  private static final String OFF = "false";
  private static final String ALL = "1";
  private static final String NONE = "0";
  private static final Set<String> HANDING_ON =
      Set.of("Identity", "Switch", "Cast", "StopGradient");
  private static final int FARTHEST = 4;

  /** Their values, by placeholder, as {@code --set} takes them. */
  static Map<String, String> of(NodeGraph graph) {
    var switches = new Switches(graph);
    Map<String, String> values = new LinkedHashMap<>();
    for (TensorName source : DataSources.of(graph)) {
      if (DataSources.isPlaceholder(graph.type(source)) && switches.couldBeScalar(source)) {
        switches.value(source.op()).ifPresent(value -> values.put(source.op(), value));
      }
    }
    return values;
  }

  /** Before TF 1.3 an empty shape means that it is not known. */
  private boolean couldBeScalar(TensorName source) {
    return graph.shape(source).orElse(List.of()).isEmpty();
  }

  private Optional<String> value(String placeholder) {
    DataType type = graph.attribute(placeholder, "dtype").getType();
    String name = placeholder.substring(placeholder.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    if (type == DataType.DT_BOOL) {
      boolean isOfUse = name.matches(".*(test|eval|infer|predict|valid).*");
      return Optional.of(isOfUse && !name.contains("train") ? "true" : OFF);
    }
    if (type != DataType.DT_FLOAT && type != DataType.DT_DOUBLE) {
      return Optional.empty();
    }
    Optional<String> used = ofDropout(placeholder, false, FARTHEST);
    if (used.isPresent()) {
      return used;
    }
    if (name.contains("keep") || name.matches("p?_?k_?p")) {
      return Optional.of(ALL);
    }
    return name.contains("drop") ? Optional.of(NONE) : Optional.empty();
  }

  /**
   * What dropout does with a scalar. It draws u from [0, 1), and keeps what has {@code floor(u +
   * keep)} = 1 or {@code u >= 1 - keep}.
   *
   * @param isComplement whether it has been taken from 1
   */
  private Optional<String> ofDropout(String op, boolean isComplement, int farthest) {
    if (farthest == 0) {
      return Optional.empty();
    }
    for (String reader : graph.readers(op)) {
      String type = graph.type(reader);
      List<TensorName> inputs = graph.inputs(reader);
      if (type.startsWith("Add") && isUniform(inputs) && leadsToFloor(reader)) {
        return Optional.of(isComplement ? NONE : ALL);
      }
      if (type.equals("GreaterEqual") && isUniform(inputs.subList(0, 1))) {
        return Optional.of(isComplement ? ALL : NONE);
      }
      boolean isFromOne = type.equals("Sub") && graph.constant(inputs.get(0)).scalar() == 1;
      if (isFromOne || HANDING_ON.contains(type)) {
        Optional<String> found = ofDropout(reader, isComplement ^ isFromOne, farthest - 1);
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  private boolean leadsToFloor(String op) {
    return graph.readers(op).stream().anyMatch(reader -> graph.type(reader).equals("Floor"));
  }

  /** Whether one of them is drawn from [0, 1), which TF1 writes as {@code u * (1 - 0) + 0}. */
  private boolean isUniform(List<TensorName> tensors) {
    Set<String> scaling = Set.of("Identity", "Add", "AddV2", "Mul");
    return tensors.stream()
        .map(tensor -> graph.type(graph.through(tensor, scaling)))
        .anyMatch(type -> type.endsWith("RandomUniform"));
  }
}

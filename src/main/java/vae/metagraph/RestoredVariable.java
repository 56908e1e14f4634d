package vae.metagraph;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.tensorflow.proto.MetaGraphDef;
import vae.tf1.GraphVariable;
import vae.tf1.TensorName;
import vae.tf1.Tf1Names;

/**
 * A variable that a meta graph's saver restores.
 *
 * @param op the variable's op
 * @param key its name in the checkpoint: the op's, unless the saver was told another
 * @param slice which part it is of what the checkpoint has under the key, as {@code RestoreV2}
 *     takes it; empty for the whole
 */
public record RestoredVariable(String op, String key, String slice) {

  /** Whether the checkpoint has it whole, under its op's name. */
  public boolean isWholeAndOfItsName() {
    return key.equals(op) && slice.isEmpty();
  }

  /**
   * All that the saver restores: first those of the collection {@code variables}, in its order.
   * Where there is no saver, that collection, each under its op's name.
   *
   * @throws MetaGraphException if the saver or the collection is damaged, or restores nothing
   */
  static List<RestoredVariable> of(MetaGraphDef metaGraph, NodeGraph graph)
      throws MetaGraphException {
    List<RestoredVariable> restored = ofModel(metaGraph, graph);
    if (restored.isEmpty()) {
      String restore = metaGraph.getSaverDef().getRestoreOpName();
      throw new MetaGraphException(
          "expected a saver that restores variables, found %s"
              .formatted(
                  restore.isEmpty()
                      ? "none, and no collection of variables"
                      : "none at " + restore));
    }
    return restored;
  }

  /** The same of a SavedModel, which may have no variables at all. */
  static List<RestoredVariable> ofModel(MetaGraphDef metaGraph, NodeGraph graph)
      throws MetaGraphException {
    List<String> listed = listed(metaGraph);
    String restore = metaGraph.getSaverDef().getRestoreOpName();
    Map<String, RestoredVariable> restored = new LinkedHashMap<>();
    if (restore.isEmpty()) {
      listed.forEach(op -> restored.put(op, new RestoredVariable(op, op, "")));
    } else {
      List<RestoredVariable> found = new ArrayList<>();
      found.addAll(RestoreFunction.of(metaGraph.getGraphDef(), graph.node(restore)));
      for (String name : graph.ancestors(List.of(restore), op -> false)) {
        assigned(graph, name, op -> op).ifPresent(found::add);
      }
      found.forEach(variable -> restored.put(variable.op(), variable));
    }
    for (String op : restored.keySet()) {
      if (!GraphVariable.isVariable(graph.type(op))) {
        throw new MetaGraphException(
            "expected a variable %s, found %s".formatted(op, graph.node(op).getOp()));
      }
    }
    List<RestoredVariable> ordered = new ArrayList<>();
    for (String op : listed) {
      Optional.ofNullable(restored.remove(op)).ifPresent(ordered::add);
    }
    ordered.addAll(restored.values());
    return ordered;
  }

  private static List<String> listed(MetaGraphDef metaGraph) throws MetaGraphException {
    return VariableLists.of(metaGraph, Tf1Names.GLOBAL_VARIABLES).stream()
        .map(VariableLists::op)
        .toList();
  }

  /**
   * The variable to which an op assigns what a restore op has read.
   *
   * @param outside what an op's name means outside of the function in which it stands
   */
  static Optional<RestoredVariable> assigned(
      NodeGraph graph, String name, UnaryOperator<String> outside) throws MetaGraphException {
    List<TensorName> inputs = graph.inputs(name);
    if (!Set.of("Assign", "AssignVariableOp").contains(graph.type(name)) || inputs.size() < 2) {
      return Optional.empty();
    }
    String target = inputs.get(0).op();
    String variable = outside.apply(target);
    if (variable.equals(target) && !GraphVariable.isVariable(graph.type(variable))) {
      return Optional.empty();
    }
    TensorName source = graph.through(inputs.get(1), Set.of("Identity", "Reshape"));
    List<TensorName> arguments = graph.inputs(source.op());
    int i = source.output();
    return switch (graph.type(source.op())) {
      case "RestoreV2", "RestoreSlice" ->
          Optional.of(
              new RestoredVariable(
                  variable, graph.string(arguments.get(1), i), graph.string(arguments.get(2), i)));
      case "Restore" ->
          Optional.of(new RestoredVariable(variable, graph.string(arguments.get(1), i), ""));
      default -> Optional.empty();
    };
  }
}

package vae.metagraph;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;
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
  /**
   * In a function's body a tensor has its op's output's name between: {@code RestoreV2:tensors:3}.
   */
  private static final Pattern BODY_TENSOR = Pattern.compile("([^:]+):[^:]+:(\\d+)");

  /** Whether the checkpoint has it whole, under its op's name. */
  public boolean isWholeAndOfItsName() {
    return key.equals(op) && slice.isEmpty();
  }

  /**
   * All that the saver restores: first those of the collection {@code variables}, in its order.
   * Where there is no saver, that collection, each under its op's name.
   *
   * @throws MetaGraphException if the saver or the collection is damaged
   */
  public static List<RestoredVariable> of(MetaGraphDef metaGraph, NodeGraph graph)
      throws MetaGraphException {
    List<String> listed = VariableLists.ops(metaGraph, Tf1Names.GLOBAL_VARIABLES);
    String restore = metaGraph.getSaverDef().getRestoreOpName();
    Map<String, RestoredVariable> restored = new LinkedHashMap<>();
    if (restore.isEmpty()) {
      listed.forEach(op -> restored.put(op, new RestoredVariable(op, op, "")));
    } else {
      List<RestoredVariable> found =
          new ArrayList<>(called(metaGraph.getGraphDef(), graph.node(restore)));
      for (String name : graph.ancestors(List.of(restore))) {
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

  /** All of a graph's, in the file's order: those not saved under their ops' names. */
  public static List<RestoredVariable> all(NodeGraph graph, Collection<RestoredVariable> saved) {
    Map<String, RestoredVariable> byOp = new HashMap<>();
    saved.forEach(variable -> byOp.put(variable.op(), variable));
    return graph.nodes().stream()
        .filter(node -> GraphVariable.isVariable(node.getOp()))
        .map(NodeDef::getName)
        .map(op -> byOp.getOrDefault(op, new RestoredVariable(op, op, "")))
        .toList();
  }

  /**
   * The variable to which an op assigns what a restore op has read. In a function's body, names may
   * mean ops outside.
   */
  private static Optional<RestoredVariable> assigned(
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
    List<TensorName> arguments = graph.inputs(source);
    int i = source.output();
    return switch (graph.type(source)) {
      case "RestoreV2", "RestoreSlice" ->
          Optional.of(
              new RestoredVariable(
                  variable, graph.string(arguments.get(1), i), graph.string(arguments.get(2), i)));
      case "Restore" ->
          Optional.of(new RestoredVariable(variable, graph.string(arguments.get(1), i), ""));
      default -> Optional.empty();
    };
  }

  /**
   * What the restore op of a TF2 SavedModel restores: a call of a function that takes the file's
   * name and the variables' handles. It is read, never run.
   */
  private static List<RestoredVariable> called(GraphDef graph, NodeDef call)
      throws MetaGraphException {
    String name = call.getAttrOrDefault("f", AttrValue.getDefaultInstance()).getFunc().getName();
    for (FunctionDef function : graph.getLibrary().getFunctionList()) {
      if (function.getSignature().getName().equals(name)) {
        return assignedIn(function, call);
      }
    }
    return List.of();
  }

  private static List<RestoredVariable> assignedIn(FunctionDef function, NodeDef call)
      throws MetaGraphException {
    Map<String, String> arguments = new HashMap<>();
    List<OpDef.ArgDef> parameters = function.getSignature().getInputArgList();
    for (int i = 0; i < Math.min(parameters.size(), call.getInputCount()); i++) {
      arguments.put(parameters.get(i).getName(), TensorName.parse(call.getInput(i)).op());
    }
    var body = GraphDef.newBuilder();
    for (NodeDef node : function.getNodeDefList()) {
      NodeDef.Builder plain = node.toBuilder().clearInput();
      node.getInputList().forEach(input -> plain.addInput(plain(input)));
      body.addNode(plain);
    }
    var nodes = new NodeGraph(body.build());
    SoundGraph.require(nodes);
    UnaryOperator<String> outside = op -> arguments.getOrDefault(op, op);
    List<RestoredVariable> restored = new ArrayList<>();
    for (NodeDef node : nodes.nodes()) {
      assigned(nodes, node.getName(), outside).ifPresent(restored::add);
    }
    return restored;
  }

  private static String plain(String input) {
    Matcher tensor = BODY_TENSOR.matcher(input);
    return tensor.matches() ? tensor.group(1) + ":" + tensor.group(2) : input;
  }
}

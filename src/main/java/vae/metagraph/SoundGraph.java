package vae.metagraph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.proto.NodeDef;
import vae.tf1.TensorName;

/**
 * What the search in a graph takes for granted, and a damaged or hostile one may lack: that ops
 * have the inputs that they are asked for, and that none waits for itself.
 */
final class SoundGraph {
  /** How many tensors the ops read into which the search looks. */
  private static final Map<String, Integer> INPUTS =
      Map.ofEntries(
          Map.entry("Identity", 1),
          Map.entry("Exp", 1),
          Map.entry("Sqrt", 1),
          Map.entry("Div", 2),
          Map.entry("RealDiv", 2),
          Map.entry("Mul", 2),
          Map.entry("Add", 2),
          Map.entry("AddV2", 2),
          Map.entry("BiasAdd", 2),
          Map.entry("MatMul", 2),
          Map.entry("Reshape", 2),
          Map.entry("Assign", 2),
          Map.entry("AssignVariableOp", 2),
          Map.entry("Restore", 2),
          Map.entry("RestoreV2", 3),
          Map.entry("RestoreSlice", 3));

  private SoundGraph() {}

  /**
   * Makes sure of it.
   *
   * @throws MetaGraphException if an op lacks inputs, or waits for itself in no loop of TF1's
   */
  static void require(NodeGraph graph) throws MetaGraphException {
    for (NodeDef node : graph.nodes()) {
      int found = graph.inputs(node.getName()).size();
      boolean reads = INPUTS.containsKey(node.getOp()) || DenseLayer.isActivation(node.getOp());
      int expected = reads ? INPUTS.getOrDefault(node.getOp(), 1) : 0;
      if (found < expected) {
        throw new MetaGraphException(
            "expected %d inputs of %s, a %s, found %d"
                .formatted(expected, node.getName(), node.getOp(), found));
      }
      requireSoundLoop(graph, node);
    }
    requireNoCycle(graph);
  }

  /**
   * Where a loop of TF1's begins, one value comes in, and one comes back. TensorFlow ends the
   * process over a loop with more of them.
   */
  private static void requireSoundLoop(NodeGraph graph, NodeDef node) throws MetaGraphException {
    List<TensorName> inputs = graph.inputs(node.getName());
    long back = inputs.stream().filter(input -> isWayBack(graph, input.op())).count();
    boolean isMerge = node.getOp().endsWith("Merge");
    if (back > 0 && !(isMerge && back == 1 && inputs.size() == 2)) {
      throw new MetaGraphException(
          "expected loops into which one value comes, and one comes back, found %s with %d inputs"
              .formatted(node.getName(), inputs.size()));
    }
  }

  private static boolean isWayBack(NodeGraph graph, String op) {
    return graph.has(op) && graph.type(op).endsWith("NextIteration");
  }

  /** Takes away what waits for nothing, again and again; a loop's way back does not count. */
  private static void requireNoCycle(NodeGraph graph) throws MetaGraphException {
    Map<String, Integer> waits = new HashMap<>();
    Map<String, List<String>> readers = new HashMap<>();
    Deque<String> free = new ArrayDeque<>();
    for (NodeDef node : graph.nodes()) {
      List<String> inputs =
          graph.inputs(node.getName()).stream()
              .map(input -> input.op())
              .filter(graph::has)
              .filter(op -> !isWayBack(graph, op))
              .toList();
      waits.put(node.getName(), inputs.size());
      inputs.forEach(
          op -> readers.computeIfAbsent(op, key -> new ArrayList<>()).add(node.getName()));
      if (inputs.isEmpty()) {
        free.add(node.getName());
      }
    }
    while (!free.isEmpty()) {
      String done = free.remove();
      waits.remove(done);
      for (String reader : readers.getOrDefault(done, List.of())) {
        if (waits.merge(reader, -1, Integer::sum) == 0) {
          free.add(reader);
        }
      }
    }
    if (!waits.isEmpty()) {
      throw new MetaGraphException(
          "expected no op that waits for itself, found %s"
              .formatted(waits.keySet().iterator().next()));
    }
  }
}

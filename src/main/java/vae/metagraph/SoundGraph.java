package vae.metagraph;

import java.util.ArrayDeque;
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
public final class SoundGraph {
  /** How many tensors the ops read into which the search looks. */
  private static int expected(String type) {
    return switch (type) {
      case "RestoreV2", "RestoreSlice" -> 3;
      case "Div", "RealDiv", "Mul", "Add", "AddV2", "BiasAdd", "MatMul", "Reshape" -> 2;
      case "Assign", "AssignVariableOp", "Restore" -> 2;
      case "Identity", "Exp", "Sqrt" -> 1;
      default -> NodeGraph.isActivation(type) ? 1 : 0;
    };
  }

  private SoundGraph() {}

  /** Refuses a graph where an op lacks inputs, or waits for itself in no loop of TF1's. */
  public static void require(NodeGraph graph) throws MetaGraphException {
    for (NodeDef node : graph.nodes()) {
      int found = graph.inputs(node.getName()).size();
      int expected = expected(node.getOp());
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
    Deque<String> free = new ArrayDeque<>();
    for (NodeDef node : graph.nodes()) {
      long inputs =
          graph.inputs(node.getName()).stream()
              .filter(input -> graph.has(input.op()) && !isWayBack(graph, input.op()))
              .count();
      waits.put(node.getName(), (int) inputs);
      if (inputs == 0) {
        free.add(node.getName());
      }
    }
    while (!free.isEmpty()) {
      String done = free.remove();
      waits.remove(done);
      for (String reader : isWayBack(graph, done) ? List.<String>of() : graph.readers(done)) {
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

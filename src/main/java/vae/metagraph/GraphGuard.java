package vae.metagraph;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;

/**
 * Looks through a graph of a stranger's before TensorFlow gets it: already loading one runs some of
 * its ops, to infer shapes.
 */
public final class GraphGuard {
  /** A gigabyte of float32. A constant may say that it is of any size, and hold one value. */
  private static final long MOST_VALUES = 1 << 28;

  private static final Set<String> CALLS =
      NodeGraph.types(
          "PartitionedCall StatefulPartitionedCall If StatelessIf While StatelessWhile Case"
              + " StatelessCase");

  private static final Set<String> TABLES_OF_FILES =
      Set.of("InitializeTableFromTextFile", "InitializeTableFromTextFileV2");

  private final Map<String, FunctionDef> functions = new LinkedHashMap<>();
  private final Map<String, String> refused = new LinkedHashMap<>();
  private final AllowedOps allowed;
  private final Set<String> assets;
  private final NodeGraph graph;
  private double constantValues;

  private GraphGuard(GraphDef graph, AllowedOps allowed, Set<String> assets) {
    this.allowed = allowed;
    this.assets = assets;
    this.graph = new NodeGraph(graph);
    for (FunctionDef function : graph.getLibrary().getFunctionList()) {
      functions.put(function.getSignature().getName(), function);
    }
  }

  /**
   * Makes sure that a graph, and every function that it can call, has no op that is not allowed,
   * nor a tensor that is too large.
   *
   * @param assets the tensors that are fed the paths of files that come with the model
   * @throws MetaGraphException if it has; names the types, and for each an op
   */
  public static void check(GraphDef graph, AllowedOps allowed, Set<String> assets)
      throws MetaGraphException {
    var guard = new GraphGuard(graph, allowed, assets);
    guard.look(graph.getNodeList());
    guard.lookIntoFunctions(graph.getNodeList());
    if (!guard.refused.isEmpty()) {
      throw new MetaGraphException(
          "expected ops that such models need, found %s; --allow-op NAME lets one in"
              .formatted(
                  guard.refused.entrySet().stream()
                      .map(entry -> "%s (%s)".formatted(entry.getKey(), entry.getValue()))
                      .collect(Collectors.joining(", "))));
    }
  }

  private void lookIntoFunctions(Collection<NodeDef> nodes) throws MetaGraphException {
    Map<String, Set<String>> calls = new LinkedHashMap<>();
    for (String name : NodeGraph.reach(called(nodes), name -> called(body(name)))) {
      look(body(name));
      calls.put(name, called(body(name)));
    }
    // A function that calls itself fills the stack. What calls nothing goes, again and again.
    Set<String> left = calls.keySet();
    boolean isLess;
    do {
      isLess = left.removeIf(name -> callsNone(calls, name));
    } while (isLess);
    if (!left.isEmpty()) {
      throw new MetaGraphException("expected functions that do not call themselves, found " + left);
    }
  }

  private static boolean callsNone(Map<String, Set<String>> calls, String name) {
    return calls.getOrDefault(name, Set.of()).stream().noneMatch(calls::containsKey);
  }

  private List<NodeDef> body(String function) {
    return functions.getOrDefault(function, FunctionDef.getDefaultInstance()).getNodeDefList();
  }

  /** Calls of functions, which are looked at, and tables read from a file of the model's own. */
  private boolean allowsAsItIs(NodeDef node) {
    if (CALLS.contains(node.getOp())) {
      List<String> names = NodeGraph.calls(node).skip(1).toList();
      return !names.isEmpty() && functions.keySet().containsAll(names);
    }
    return TABLES_OF_FILES.contains(node.getOp())
        && graph.inputs(node.getName()).size() > 1
        && assets.contains(graph.through(graph.input(node.getName(), 1)).toString());
  }

  private void look(Collection<NodeDef> nodes) throws MetaGraphException {
    for (NodeDef node : nodes) {
      // A function may go by the name of an op.
      boolean allows =
          functions.containsKey(node.getOp())
              ? allowed.allowsFunction(node.getOp())
              : allowed.allows(node.getOp()) || allowsAsItIs(node);
      if (!allows) {
        refused.putIfAbsent(node.getOp(), node.getName());
      }
      for (AttrValue value : node.getAttrMap().values()) {
        requireSize(node, value.getShape());
        if (value.hasTensor()) {
          requireSize(node, value.getTensor());
        }
        for (TensorProto tensor : value.getList().getTensorList()) {
          requireSize(node, tensor);
        }
      }
    }
  }

  /** The functions of the graph's own that some nodes call. */
  private Set<String> called(Collection<NodeDef> nodes) {
    return nodes.stream()
        .flatMap(NodeGraph::calls)
        .filter(functions::containsKey)
        .collect(Collectors.toSet());
  }

  /** Of all constants together: many of the size allowed are as bad as one that is larger. */
  private void requireSize(NodeDef node, TensorProto tensor) throws MetaGraphException {
    constantValues += requireSize(node, tensor.getTensorShape());
    if (constantValues > MOST_VALUES) {
      throw new MetaGraphException(
          "expected constants of at most %,d values together, found more, up to %s"
              .formatted(MOST_VALUES, node.getName()));
    }
  }

  /** The values that a shape stands for, at least one. */
  private static double requireSize(NodeDef node, TensorShapeProto shape)
      throws MetaGraphException {
    double values = 1;
    for (TensorShapeProto.Dim dim : shape.getDimList()) {
      values *= Math.max(dim.getSize(), 1);
    }
    if (values > MOST_VALUES) {
      throw new MetaGraphException(
          "expected tensors of at most %,d values, found %s of %.3g"
              .formatted(MOST_VALUES, node.getName(), values));
    }
    return values;
  }
}

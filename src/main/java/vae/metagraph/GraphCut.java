package vae.metagraph;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.VariableDef;
import vae.tf1.TensorName;

/**
 * A graph that is cut out of an old one. Devices and colocations are cleared: the old graph's may
 * not be here.
 */
final class GraphCut {
  private final GraphDef source;
  private final NodeGraph old;
  private final Map<String, NodeDef> nodes = new LinkedHashMap<>();

  GraphCut(GraphDef source, NodeGraph old) {
    this.source = source;
    this.old = old;
  }

  /** Keeps some nodes and all that they need. */
  void keep(Collection<String> roots) {
    keep(roots, Map.of());
  }

  /**
   * The same, where some tensors come from elsewhere: what only they need is left out.
   *
   * @param moved what is read in the place of each
   */
  void keep(Collection<String> roots, Map<TensorName, TensorName> moved) {
    Set<String> kept = old.ancestorsBehind(roots, moved.keySet());
    // In the file's order, which programs that list a graph show.
    for (NodeDef node : old.nodes()) {
      if (kept.contains(node.getName())) {
        nodes.put(node.getName(), node);
      }
    }
    nodes.replaceAll((op, node) -> rewired(node, op, input -> moved.getOrDefault(input, input)));
  }

  /** TensorFlow-Java takes every op of such a name for an initialiser, and wants to run it. */
  static void requireNoInit(Set<String> names) throws MetaGraphException {
    List<String> reserved = names.stream().filter(name -> name.startsWith("Init")).toList();
    if (!reserved.isEmpty()) {
      throw new MetaGraphException(
          "expected no op whose name begins with Init, which TensorFlow-Java can't load, found %s"
              .formatted(reserved.get(0)));
    }
  }

  /** What a variable of a collection needs where that is saved again, beside the variable. */
  static Stream<String> initialOps(VariableDef variable) {
    return Stream.of(
            variable.getInitializerName(),
            variable.getInitialValueName(),
            variable.getSnapshotName())
        .map(name -> TensorName.parse(name).op());
  }

  /** The names of all nodes so far. */
  Set<String> names() {
    return new LinkedHashSet<>(nodes.keySet());
  }

  /** Adds a node that was made elsewhere, under a name that is free. */
  void put(NodeDef node) {
    nodes.put(node.getName(), node);
  }

  /** The graph as it is now. */
  GraphDef graph() {
    var graph = GraphDef.newBuilder().setVersions(source.getVersions()).addAllNode(nodes.values());
    Set<String> functions = new HashSet<>();
    source
        .getLibrary()
        .getFunctionList()
        .forEach(function -> functions.add(function.getSignature().getName()));
    if (nodes.values().stream().anyMatch(node -> callsOne(functions, node))) {
      graph.setLibrary(source.getLibrary());
    }
    return graph.build();
  }

  private NodeDef rewired(NodeDef node, String name, UnaryOperator<TensorName> input) {
    var rewired = OldPlaceholder.withShape(node).setName(name).clearDevice().clearInput();
    // Colocations, shapes that were inferred, and orders to TensorFlow's compilers.
    node.getAttrMap().keySet().stream()
        .filter(attribute -> attribute.startsWith("_"))
        .forEach(rewired::removeAttr);
    for (String text : node.getInputList()) {
      if (!NodeGraph.isControl(text)) {
        rewired.addInput(input.apply(TensorName.parse(text)).toString());
      } else {
        TensorName moved = input.apply(new TensorName(text.substring(1), 0));
        if (nodes.containsKey(moved.op())) {
          rewired.addInput("^" + moved.op());
        }
      }
    }
    return rewired.build();
  }

  private static boolean callsOne(Set<String> functions, NodeDef node) {
    return functions.contains(node.getOp())
        || node.getAttrMap().values().stream()
            .flatMap(
                value ->
                    Stream.concat(
                        Stream.of(value.getFunc()), value.getList().getFuncList().stream()))
            .anyMatch(function -> functions.contains(function.getName()));
  }

  /** A name that no node has and that is no scope's; the one wished for where it is free. */
  static String unused(Set<String> names, String wish) {
    String name = wish;
    for (int i = 1; isUsed(names, name); i++) {
      name = wish + "_" + i;
    }
    return name;
  }

  private static boolean isUsed(Set<String> names, String name) {
    return names.contains(name) || names.stream().anyMatch(other -> other.startsWith(name + "/"));
  }
}

package vae.metagraph;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorShapeProto;
import org.tensorflow.proto.VariableDef;
import vae.tf1.TensorName;

/**
 * A graph that is cut out of an old one. Devices and colocations are cleared: the old graph's may
 * not be here.
 */
public final class GraphCut {
  private static final String SHAPE = "shape";

  private final GraphDef source;
  private final NodeGraph old;
  private final Map<String, NodeDef> nodes = new LinkedHashMap<>();

  GraphCut(GraphDef source, NodeGraph old) {
    this.source = source;
    this.old = old;
  }

  /**
   * Keeps some nodes and all that they need, except for what only tensors need that come from
   * elsewhere.
   *
   * @param moved what is read in the place of each of these
   */
  void keep(Collection<String> roots, Map<TensorName, TensorName> moved) {
    Set<String> kept = old.ancestorsBehind(roots, moved.keySet());
    // In the file's order, which programs that list a graph show.
    for (NodeDef node : old.nodes()) {
      if (kept.contains(node.getName())) {
        nodes.put(node.getName(), node);
      }
    }
    nodes.replaceAll((op, node) -> rewired(node, input -> moved.getOrDefault(input, input)));
  }

  /** TensorFlow-Java takes every op of such a name for an initialiser, and wants to run it. */
  static void requireNoInit(GraphDef graph) throws MetaGraphException {
    for (NodeDef node : graph.getNodeList()) {
      if (node.getName().startsWith("Init")) {
        throw new MetaGraphException(
            "expected no op whose name begins with Init, which TensorFlow-Java can't load, found %s"
                .formatted(node.getName()));
      }
    }
  }

  /** A placeholder, as TF1 writes it. */
  public static NodeDef placeholder(String name, DataType type, TensorShapeProto shape) {
    return NodeDef.newBuilder()
        .setName(name)
        .setOp("Placeholder")
        .putAttr("dtype", AttrValue.newBuilder().setType(type).build())
        .putAttr(SHAPE, AttrValue.newBuilder().setShape(shape).build())
        .build();
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
    for (FunctionDef function : source.getLibrary().getFunctionList()) {
      functions.add(function.getSignature().getName());
    }
    if (nodes.values().stream().flatMap(NodeGraph::calls).anyMatch(functions::contains)) {
      graph.setLibrary(source.getLibrary());
    }
    return graph.build();
  }

  private NodeDef rewired(NodeDef node, UnaryOperator<TensorName> input) {
    var rewired = withShape(node).clearDevice().clearInput();
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

  /** Before TF 1.3 a placeholder's empty shape means that it is not known; Python's note may be. */
  private static NodeDef.Builder withShape(NodeDef node) {
    NodeDef.Builder builder = node.toBuilder();
    TensorShapeProto noted = KnownShapes.noted(node, 0);
    TensorShapeProto own = node.getAttrOrDefault(SHAPE, AttrValue.getDefaultInstance()).getShape();
    if (node.getOp().equals("Placeholder") && own.getDimCount() == 0 && noted.getDimCount() > 0) {
      builder.putAttr(SHAPE, AttrValue.newBuilder().setShape(noted).build());
    }
    return builder;
  }

  /** A name that no node has and that is no scope's; the one wished for where it is free. */
  public static String unused(Set<String> names, String wish) {
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

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
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;
import org.tensorflow.proto.VariableDef;
import vae.tf1.TensorName;

/**
 * A graph that is cut out of an old one and added to, node by node. Devices and colocations are
 * cleared: the old graph's may not be here.
 */
final class GraphCut {
  private static final AttrValue FLOAT = AttrValue.newBuilder().setType(DataType.DT_FLOAT).build();

  private static final int UNKNOWN = -1;

  private final GraphDef source;
  private final NodeGraph old;
  private final Map<String, NodeDef> nodes = new LinkedHashMap<>();

  GraphCut(GraphDef source, NodeGraph old) {
    this.source = source;
    this.old = old;
  }

  /**
   * Keeps some nodes and all that they need, down to the images' tensor, in whose place a
   * placeholder is put unless it is one.
   *
   * @param name what a new placeholder is called
   * @return the tensor where images come in now
   */
  TensorName keep(Collection<String> roots, TensorName image, String name) {
    if (old.type(image.op()).equals("Placeholder")) {
      keep(roots);
      return image;
    }
    String free = unused(old.ancestorsBehind(roots, Set.of(image)), name);
    keep(roots, Map.of(image, new TensorName(free, 0)));
    return add(placeholder(free, UNKNOWN));
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

  /** Adds a placeholder of float32 [batch, size]. */
  TensorName addPlaceholder(String name, long size) {
    return add(placeholder(unused(name), size));
  }

  /** Tells a placeholder the size that it was made without. */
  void resize(TensorName placeholder, long size) {
    nodes.put(placeholder.op(), placeholder(placeholder.op(), size).build());
  }

  private static NodeDef.Builder placeholder(String name, long size) {
    var shape =
        TensorShapeProto.newBuilder()
            .addDim(TensorShapeProto.Dim.newBuilder().setSize(UNKNOWN))
            .addDim(TensorShapeProto.Dim.newBuilder().setSize(size));
    return NodeDef.newBuilder()
        .setName(name)
        .setOp("Placeholder")
        .putAttr("dtype", FLOAT)
        .putAttr("shape", AttrValue.newBuilder().setShape(shape).build());
  }

  /**
   * Adds a second copy of some nodes that reads another tensor in the place of one.
   *
   * @param name what the copy of {@code to} is called
   * @return the copy of {@code to}
   */
  TensorName copy(
      Set<String> ops, TensorName from, TensorName instead, TensorName to, String name) {
    String scope = unused("decoder");
    String end = unused(name);
    UnaryOperator<String> copied =
        op -> !ops.contains(op) ? op : op.equals(to.op()) ? end : scope + "/" + op;
    UnaryOperator<TensorName> moved =
        input ->
            input.equals(from) ? instead : new TensorName(copied.apply(input.op()), input.output());
    for (NodeDef node : List.copyOf(nodes.values())) {
      if (ops.contains(node.getName())) {
        String copy = copied.apply(node.getName());
        nodes.put(copy, rewired(withoutOutsideControl(node, ops), copy, moved));
      }
    }
    return new TensorName(end, to.output());
  }

  /** Adds an op of float32 with one output. */
  TensorName add(String name, String type, TensorName... inputs) {
    var node = NodeDef.newBuilder().setName(unused(name)).setOp(type).putAttr("T", FLOAT);
    for (TensorName input : inputs) {
      node.addInput(input.toString());
    }
    return add(node);
  }

  /** Adds a constant. */
  TensorName addConstant(String name, float value) {
    var tensor =
        TensorProto.newBuilder()
            .setDtype(DataType.DT_FLOAT)
            .setTensorShape(TensorShapeProto.getDefaultInstance())
            .addFloatVal(value);
    return add(
        NodeDef.newBuilder()
            .setName(unused(name))
            .setOp("Const")
            .putAttr("dtype", FLOAT)
            .putAttr("value", AttrValue.newBuilder().setTensor(tensor).build()));
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

  private TensorName add(NodeDef.Builder node) {
    nodes.put(node.getName(), node.build());
    return new TensorName(node.getName(), 0);
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

  /** Checks and updates that the old decoder waits for have no meaning for the copy. */
  private static NodeDef withoutOutsideControl(NodeDef node, Set<String> ops) {
    var inside = node.toBuilder().clearInput();
    node.getInputList().stream()
        .filter(input -> !NodeGraph.isControl(input) || ops.contains(input.substring(1)))
        .forEach(inside::addInput);
    return inside.build();
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

  private String unused(String wish) {
    return unused(nodes.keySet(), wish);
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

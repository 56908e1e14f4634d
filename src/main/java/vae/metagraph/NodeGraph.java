package vae.metagraph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;
import vae.tf1.TensorName;

/**
 * The nodes of a graph by name, as they stand in the file: nothing is loaded, so that ops which
 * TensorFlow does not know here do no harm as long as nobody needs them.
 */
final class NodeGraph {
  private static final char CONTROL = '^';

  private final Map<String, NodeDef> nodes = new LinkedHashMap<>();

  NodeGraph(GraphDef graph) {
    graph.getNodeList().forEach(node -> nodes.put(node.getName(), node));
  }

  boolean has(String name) {
    return nodes.containsKey(name);
  }

  /** All nodes, in the file's order. */
  Collection<NodeDef> nodes() {
    return nodes.values();
  }

  /**
   * A node that must be there.
   *
   * @throws MetaGraphException if it is not
   */
  NodeDef node(String name) throws MetaGraphException {
    NodeDef node = nodes.get(name);
    if (node == null) {
      throw new MetaGraphException("expected an op %s in the graph, found none".formatted(name));
    }
    return node;
  }

  /** A node's type, such as {@code MatMul}; empty if there is no such node. */
  String type(String name) {
    NodeDef node = nodes.get(name);
    return node == null ? "" : node.getOp();
  }

  /** A node's attribute that is a truth value. */
  boolean flag(String name, String attribute) {
    NodeDef node = nodes.get(name);
    return node != null && node.getAttrOrDefault(attribute, AttrValue.getDefaultInstance()).getB();
  }

  /** The tensors that a node reads, in order, without its control inputs. */
  List<TensorName> inputs(String name) {
    NodeDef node = nodes.get(name);
    return node == null
        ? List.of()
        : node.getInputList().stream()
            .filter(input -> !isControl(input))
            .map(TensorName::parse)
            .toList();
  }

  /**
   * The nodes that some nodes need, control inputs and they themselves included.
   *
   * @param without what is cut off: these nodes and what only they need is left out
   */
  Set<String> ancestors(Collection<String> of, Predicate<String> without) {
    return reach(of, name -> allInputs(name).stream().filter(without.negate()).toList());
  }

  /** The nodes whose values flow into a node, it included; shapes are no values. */
  Set<String> valueAncestors(String of, Predicate<String> without) {
    return reach(List.of(of), name -> valueInputs(name).stream().filter(without.negate()).toList());
  }

  /** The nodes on the ways from a node to another, the first excluded. */
  Set<String> between(String from, String to) {
    Set<String> between = ancestors(List.of(to), from::equals);
    Set<String> among = new LinkedHashSet<>(between);
    among.add(from);
    between.retainAll(descendants(among, Set.of(from), this::allInputs));
    return between;
  }

  /** Of some nodes those into which the values of the sources flow, the sources included. */
  Set<String> carriers(Set<String> among, Set<String> sources) {
    return descendants(among, sources, this::valueInputs);
  }

  private static Set<String> descendants(
      Set<String> among, Set<String> sources, Function<String, List<String>> inputs) {
    Map<String, List<String>> consumers = new HashMap<>();
    for (String name : among) {
      for (String input : inputs.apply(name)) {
        consumers.computeIfAbsent(input, key -> new ArrayList<>()).add(name);
      }
    }
    return reach(sources, name -> consumers.getOrDefault(name, List.of()));
  }

  /** The value of a constant of a single float32; NaN if it is no such thing. */
  float scalar(TensorName tensor) {
    return ConstantValue.scalar(constant(tensor));
  }

  /** An entry of a constant of strings. */
  String string(TensorName tensor, int index) throws MetaGraphException {
    List<String> strings = ConstantValue.strings(constant(tensor));
    if (strings.isEmpty()) {
      throw new MetaGraphException(
          "expected names in the constant %s, found none".formatted(tensor));
    }
    // A constant of equal values may hold the value once.
    return strings.get(Math.min(index, strings.size() - 1));
  }

  private TensorProto constant(TensorName tensor) {
    NodeDef node = nodes.get(through(tensor).op());
    return node != null && node.getOp().equals("Const")
        ? node.getAttrOrDefault("value", AttrValue.getDefaultInstance()).getTensor()
        : TensorProto.getDefaultInstance();
  }

  /** Where a tensor comes from, looking through ops that hand on what they get. */
  TensorName through(TensorName tensor) {
    TensorName at = tensor;
    while (Set.of("Identity", "StopGradient", "ReadVariableOp").contains(type(at.op()))
        && !inputs(at.op()).isEmpty()) {
      at = inputs(at.op()).get(0);
    }
    return at;
  }

  private List<String> allInputs(String name) {
    NodeDef node = nodes.get(name);
    return node == null
        ? List.of()
        : node.getInputList().stream()
            .map(input -> isControl(input) ? input.substring(1) : TensorName.parse(input).op())
            .toList();
  }

  private List<String> valueInputs(String name) {
    return Set.of("Shape", "ShapeN", "Size", "Rank").contains(type(name))
        ? List.of()
        : inputs(name).stream().map(TensorName::op).toList();
  }

  static boolean isControl(String input) {
    return input.charAt(0) == CONTROL;
  }

  private static Set<String> reach(
      Collection<String> from, Function<String, Collection<String>> next) {
    Set<String> reached = new LinkedHashSet<>(from);
    Deque<String> open = new ArrayDeque<>(from);
    while (!open.isEmpty()) {
      for (String name : next.apply(open.remove())) {
        if (reached.add(name)) {
          open.add(name);
        }
      }
    }
    return reached;
  }
}

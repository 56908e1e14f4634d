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
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
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
  private static final Pattern GRADIENTS = Pattern.compile("(^|/)gradients(_\\d+)?/");
  private static final Set<String> HAND_ON = Set.of("Identity", "StopGradient", "ReadVariableOp");
  private static final Set<String> SHAPE_ONLY = Set.of("Shape", "ShapeN", "Size", "Rank");

  private final Map<String, NodeDef> nodes = new LinkedHashMap<>();
  private final Map<String, List<TensorName>> inputs = new HashMap<>();
  private final Map<String, List<String>> readers = new HashMap<>();

  NodeGraph(GraphDef graph) {
    for (NodeDef node : graph.getNodeList()) {
      nodes.put(node.getName(), node);
      inputs.put(
          node.getName(),
          node.getInputList().stream()
              .filter(input -> !isControl(input))
              .map(TensorName::parse)
              .toList());
    }
    readers.putAll(consumers(nodes.keySet(), this::dataInputs));
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

  /** A node's attribute; an empty one if it has none such. */
  AttrValue attribute(String name, String attribute) {
    NodeDef node = nodes.get(name);
    return node == null
        ? AttrValue.getDefaultInstance()
        : node.getAttrOrDefault(attribute, AttrValue.getDefaultInstance());
  }

  /** A node's attribute that is a truth value. */
  boolean flag(String name, String attribute) {
    return attribute(name, attribute).getB();
  }

  /** The tensors that a node reads, in order, without its control inputs. */
  List<TensorName> inputs(String name) {
    return inputs.getOrDefault(name, List.of());
  }

  /**
   * The nodes that read a node's outputs, in the file's order; one that reads twice stands twice.
   */
  List<String> readers(String name) {
    return readers.getOrDefault(name, List.of());
  }

  /** Whether a node was added to find gradients: its name says so. */
  static boolean isOfGradients(String name) {
    return GRADIENTS.matcher(name).find();
  }

  /**
   * The nodes that some nodes need, control inputs and they themselves included.
   *
   * @param without what is cut off: these nodes and what only they need is left out
   */
  Set<String> ancestors(Collection<String> of, Predicate<String> without) {
    return reach(of, name -> allInputs(name).stream().filter(without.negate()).toList());
  }

  /** The same, where some tensors come from elsewhere: what only they need is left out. */
  Set<String> ancestorsBehind(Collection<String> of, Set<TensorName> tensors) {
    return reach(
        of,
        name -> {
          List<String> needed = new ArrayList<>(controls(name));
          for (TensorName input : inputs(name)) {
            if (!tensors.contains(input)) {
              needed.add(input.op());
            }
          }
          return needed;
        });
  }

  /** The nodes whose values flow into a node, it included; shapes are no values. */
  Set<String> valueAncestors(String of, Predicate<String> without) {
    return reach(List.of(of), name -> valueInputs(name).stream().filter(without.negate()).toList());
  }

  /** The nodes on the ways from a node to another, the first excluded. */
  Set<String> between(String from, String to) {
    Set<String> above =
        reach(List.of(to), name -> name.equals(from) ? List.of() : dataInputs(name));
    Map<String, List<String>> consumers = consumers(above, this::dataInputs);
    Set<String> between = reach(List.of(from), name -> consumers.getOrDefault(name, List.of()));
    between.remove(from);
    return between;
  }

  /** Of some nodes those into which the values of the sources flow, the sources included. */
  Set<String> carriers(Set<String> among, Set<String> sources) {
    Map<String, List<String>> consumers = consumers(among, this::valueInputs);
    return reach(sources, name -> consumers.getOrDefault(name, List.of()));
  }

  /** Through which nodes all goes that the values of some sources have to say to a node. */
  List<String> gates(Set<String> sources, String to, Set<String> among) {
    Set<String> carriers = carriers(among, sources);
    Map<String, List<String>> consumers = consumers(carriers, this::valueInputs);
    return Gates.between(sources, to, name -> consumers.getOrDefault(name, List.of()));
  }

  /** The value of a constant of a single fraction; NaN if it is no such thing. */
  float scalar(TensorName tensor) {
    return ConstantValue.scalar(constant(tensor));
  }

  /** The value of a constant that is a truth value; nothing if it is no such thing. */
  Optional<Boolean> truth(TensorName tensor) {
    return ConstantValue.truth(constant(tensor));
  }

  /** Whether a tensor is a constant. */
  boolean isConstant(TensorName tensor) {
    return type(through(tensor).op()).equals("Const");
  }

  /** The values of a constant of int32 or int64; none if it is no such thing. */
  long[] integers(TensorName tensor) {
    return ConstantValue.integers(constant(tensor));
  }

  /** An entry of a constant of strings. */
  String string(TensorName tensor, int index) throws MetaGraphException {
    if (type(through(tensor).op()).equals("ZerosLike")) {
      return ""; // TensorFlow-Java's saver says so that it wants whole tensors.
    }
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
    return through(tensor, HAND_ON);
  }

  /**
   * Where a tensor comes from, looking through ops of some types with respect to their first input.
   */
  TensorName through(TensorName tensor, Set<String> types) {
    TensorName at = tensor;
    while (types.contains(type(at.op())) && !inputs(at.op()).isEmpty()) {
      at = inputs(at.op()).get(0);
    }
    return at;
  }

  private List<String> allInputs(String name) {
    return Stream.concat(dataInputs(name).stream(), controls(name).stream()).toList();
  }

  private List<String> controls(String name) {
    NodeDef node = nodes.get(name);
    if (node == null || node.getInputCount() == inputs(name).size()) {
      return List.of();
    }
    return node.getInputList().stream()
        .filter(NodeGraph::isControl)
        .map(input -> input.substring(1))
        .toList();
  }

  private List<String> dataInputs(String name) {
    return inputs(name).stream().map(TensorName::op).toList();
  }

  private List<String> valueInputs(String name) {
    return SHAPE_ONLY.contains(type(name)) ? List.of() : dataInputs(name);
  }

  private static Map<String, List<String>> consumers(
      Set<String> among, Function<String, List<String>> inputs) {
    Map<String, List<String>> consumers = new HashMap<>();
    for (String name : among) {
      for (String input : inputs.apply(name)) {
        consumers.computeIfAbsent(input, key -> new ArrayList<>()).add(name);
      }
    }
    return consumers;
  }

  static boolean isControl(String input) {
    return !input.isEmpty() && input.charAt(0) == CONTROL;
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

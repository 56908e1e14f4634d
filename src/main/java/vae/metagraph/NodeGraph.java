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
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NameAttrList;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;
import vae.tf1.TensorName;

/**
 * A graph as its file tells it: nodes by name, what feeds them, their constants, types and shapes.
 * Nothing is loaded, so that ops which TensorFlow does not know here do no harm as long as nobody
 * needs them.
 */
public final class NodeGraph {
  /** The names of the types that are fractions, as a pattern. */
  public static final String FRACTIONS = "DT_(FLOAT|DOUBLE|HALF|BFLOAT16)";

  private static final char CONTROL = '^';
  private static final long MOST_VALUES = 1L << 30;
  private static final Pattern GRADIENTS = Pattern.compile("(^|/)gradients(_\\d+)?/");
  private static final Set<String> HAND_ON = types("Identity StopGradient ReadVariableOp");
  private static final Set<String> SHAPE_ONLY = types("Shape ShapeN Size Rank");
  private static final Set<String> ACTIVATIONS =
      types("Tanh Sigmoid Relu Relu6 Elu Selu Softplus Softsign LeakyRelu");

  private final Map<String, NodeDef> nodes = new LinkedHashMap<>();
  private final Map<String, List<TensorName>> inputs = new HashMap<>();
  private final Map<String, List<String>> readers;
  private final KnownShapes shapes;

  /** Of a graph as it stands in the file. */
  public NodeGraph(GraphDef graph) {
    for (NodeDef node : graph.getNodeList()) {
      nodes.put(node.getName(), node);
      inputs.put(
          node.getName(),
          node.getInputList().stream()
              .filter(input -> !isControl(input))
              .map(TensorName::parse)
              .toList());
    }
    readers = consumers(nodes.keySet(), this::dataInputs);
    shapes = new KnownShapes(this);
  }

  /** Types of ops, from a text that lists them. */
  public static Set<String> types(String names) {
    return Set.of(names.strip().split("\\s+"));
  }

  /** Whether ops of a type are activations of layers. */
  public static boolean isActivation(String type) {
    return ACTIVATIONS.contains(type);
  }

  /** Whether there is such a node. */
  public boolean has(String name) {
    return nodes.containsKey(name);
  }

  /** All nodes, in the file's order. */
  public Collection<NodeDef> nodes() {
    return nodes.values();
  }

  /** A node that must be there. */
  public NodeDef node(String name) throws MetaGraphException {
    NodeDef node = nodes.get(name);
    if (node == null) {
      throw new MetaGraphException("expected an op %s in the graph, found none".formatted(name));
    }
    return node;
  }

  /** A tensor that an option or a collection names. */
  public TensorName tensor(String text, String where) throws MetaGraphException {
    TensorName tensor = TensorName.parse(text);
    if (!has(tensor.op())) {
      throw new MetaGraphException(
          "expected the tensor %s of %s in the graph, found no such op".formatted(text, where));
    }
    return tensor;
  }

  /** A node's type, such as {@code MatMul}; empty if there is no such node. */
  public String type(String name) {
    NodeDef node = nodes.get(name);
    return node == null ? "" : node.getOp();
  }

  /** The type of a tensor's op. */
  public String type(TensorName tensor) {
    return type(tensor.op());
  }

  /** A node's attribute; an empty one if it has none such. */
  public AttrValue attribute(String name, String attribute) {
    NodeDef node = nodes.get(name);
    return node == null
        ? AttrValue.getDefaultInstance()
        : node.getAttrOrDefault(attribute, AttrValue.getDefaultInstance());
  }

  /** A node's attribute that is a truth value. */
  public boolean flag(String name, String attribute) {
    return attribute(name, attribute).getB();
  }

  /** What a node may call: the names of functions, and its type, which may be that of one. */
  static Stream<String> calls(NodeDef node) {
    return Stream.concat(
        Stream.of(node.getOp()),
        node.getAttrMap().values().stream()
            .flatMap(
                value ->
                    Stream.concat(
                        Stream.of(value.getFunc()), value.getList().getFuncList().stream()))
            .map(NameAttrList::getName)
            .filter(name -> !name.isEmpty()));
  }

  /** The tensors that a node reads, in order, without its control inputs. */
  public List<TensorName> inputs(String name) {
    return inputs.getOrDefault(name, List.of());
  }

  /** What a tensor's op reads. */
  public List<TensorName> inputs(TensorName tensor) {
    return inputs(tensor.op());
  }

  /** One of the tensors that a tensor's op reads, which must be so many. */
  public TensorName input(TensorName tensor, int place) {
    return input(tensor.op(), place);
  }

  /** One of the tensors that a node reads. */
  public TensorName input(String name, int place) {
    return inputs(name).get(place);
  }

  /**
   * The nodes that read a node's outputs, in the file's order; one that reads twice stands twice.
   */
  public List<String> readers(String name) {
    return readers.getOrDefault(name, List.of());
  }

  /** The nodes that read a tensor's op. */
  public List<String> readers(TensorName tensor) {
    return readers(tensor.op());
  }

  /** Whether a node was added to find gradients: its name says so. */
  public static boolean isOfGradients(String name) {
    return GRADIENTS.matcher(name).find();
  }

  /** The type of a tensor; nothing for one of an op that TensorFlow does not know. */
  public Optional<DataType> dataType(TensorName tensor) {
    return Optional.ofNullable(nodes.get(tensor.op()))
        .flatMap(node -> OutputTypes.of(node, tensor.output()));
  }

  /** Whether a tensor's type is known, and is one such as {@code DT_FLOAT|DT_DOUBLE}. */
  public boolean isOfType(TensorName tensor, String types) {
    return dataType(tensor).filter(type -> type.name().matches(types)).isPresent();
  }

  /** A tensor's shape, -1 where a size is not known; nothing where not even the rank is. */
  public Optional<List<Long>> shape(TensorName tensor) {
    return shapes.of(tensor);
  }

  /** How many values a row has: 0 where that is not known, or there are no rows. */
  public long rowSize(TensorName tensor) {
    List<Long> dims = shape(tensor).orElse(List.of());
    long size = dims.isEmpty() ? 0 : 1;
    for (int i = 1; i < dims.size(); i++) {
      size = dims.get(i) > 0 && size < MOST_VALUES ? size * dims.get(i) : 0;
    }
    return size;
  }

  /** The sizes of a row, -1 where one is not known; none where there are no rows. */
  public long[] row(TensorName tensor) {
    return shape(tensor).orElse(List.of()).stream().skip(1).mapToLong(Long::longValue).toArray();
  }

  /** Whether a tensor is known to be of so many dimensions. */
  public boolean isOfRank(TensorName tensor, int rank) {
    return shape(tensor).filter(dims -> dims.size() == rank).isPresent();
  }

  /** A tensor's shape, for people. */
  public String shapeText(TensorName tensor) {
    return shape(tensor).map(dims -> "shape " + dims).orElse("unknown shape");
  }

  /** The nodes that some nodes need, control inputs and they themselves included. */
  public Set<String> ancestors(Collection<String> of) {
    return reach(of, this::allInputs);
  }

  /** The same without some nodes and what only they need. */
  public Set<String> ancestors(Collection<String> of, Set<String> without) {
    return reach(
        of, name -> allInputs(name).stream().filter(input -> !without.contains(input)).toList());
  }

  /** The same, where some tensors come from elsewhere: what only they need is left out. */
  public Set<String> ancestorsBehind(Collection<String> of, Set<TensorName> tensors) {
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

  /** The nodes that need some nodes, control inputs and they themselves included. */
  Set<String> descendants(Collection<String> of) {
    Map<String, List<String>> consumers = consumers(nodes.keySet(), this::allInputs);
    return reach(of, name -> consumers.getOrDefault(name, List.of()));
  }

  /** The nodes whose values flow into a node, it included; shapes are no values. */
  public Set<String> valueAncestors(String of) {
    return reach(List.of(of), this::valueInputs);
  }

  /** The same without what flows through another node alone, and without that one. */
  public Set<String> valueAncestors(String of, String without) {
    return reach(
        List.of(of), name -> valueInputs(name).stream().filter(op -> !op.equals(without)).toList());
  }

  /** The nodes on the ways from a node to another, the first excluded. */
  public Set<String> between(String from, String to) {
    Set<String> above =
        reach(List.of(to), name -> name.equals(from) ? List.of() : dataInputs(name));
    Map<String, List<String>> consumers = consumers(above, this::dataInputs);
    Set<String> between = reach(List.of(from), name -> consumers.getOrDefault(name, List.of()));
    between.remove(from);
    return between;
  }

  /** Of some nodes those into which the values of the sources flow, the sources included. */
  public Set<String> carriers(Set<String> among, Set<String> sources) {
    Map<String, List<String>> consumers = consumers(among, this::valueInputs);
    return reach(sources, name -> consumers.getOrDefault(name, List.of()));
  }

  /** Through which nodes all goes that the values of some sources have to say to a node. */
  public List<String> dominators(Set<String> sources, String to, Set<String> among) {
    Set<String> carriers = carriers(among, sources);
    Map<String, List<String>> consumers = consumers(carriers, this::valueInputs);
    return Dominators.between(sources, to, name -> consumers.getOrDefault(name, List.of()));
  }

  /** Whether a tensor is a constant. */
  public boolean isConstant(TensorName tensor) {
    return type(through(tensor)).equals("Const");
  }

  /** An entry of a constant of strings. */
  String string(TensorName tensor, int index) throws MetaGraphException {
    if (type(through(tensor)).equals("ZerosLike")) {
      return ""; // TensorFlow-Java's saver says so that it wants whole tensors.
    }
    List<String> strings = constant(tensor).strings();
    if (strings.isEmpty()) {
      throw new MetaGraphException(
          "expected names in the constant %s, found none".formatted(tensor));
    }
    // A constant of equal values may hold the value once.
    return strings.get(Math.min(index, strings.size() - 1));
  }

  /** The value of a constant; one that is empty if a tensor is no constant. */
  public ConstantValue constant(TensorName tensor) {
    String op = through(tensor).op();
    return new ConstantValue(
        type(op).equals("Const")
            ? attribute(op, "value").getTensor()
            : TensorProto.getDefaultInstance());
  }

  /** Where a tensor comes from, looking through ops that hand on what they get. */
  public TensorName through(TensorName tensor) {
    return through(tensor, HAND_ON);
  }

  /**
   * Where a tensor comes from, looking through ops of some types with respect to their first input.
   */
  public TensorName through(TensorName tensor, Set<String> types) {
    TensorName at = tensor;
    while (types.contains(type(at)) && !inputs(at).isEmpty()) {
      at = input(at, 0);
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

  /** Whether an input is an op that must be done before, and no tensor. */
  public static boolean isControl(String input) {
    return !input.isEmpty() && input.charAt(0) == CONTROL;
  }

  /** Some nodes, and all that can be reached from them step by step. */
  public static Set<String> reach(
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

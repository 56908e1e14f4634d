package vae.metagraph;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorShapeProto;
import vae.tf1.TensorName;

/**
 * The shapes of a graph's tensors as far as the file tells them, nothing loaded: what Python noted,
 * what variables, constants and placeholders say, and what follows from that in a dense network.
 */
final class KnownShapes {
  private static final Set<String> AS_FIRST_INPUT =
      Set.of(
          "Identity",
          "BiasAdd",
          "Softmax",
          "LogSoftmax",
          "StopGradient",
          "Enter",
          "Cast",
          "Exp",
          "Log",
          "Log1p",
          "Neg",
          "Sqrt",
          "Square",
          "Abs",
          "ClipByValue");

  private static final Set<String> AS_THE_LARGER_INPUT =
      Set.of("Add", "AddV2", "Sub", "Mul", "RealDiv");

  private static final long UNKNOWN = -1;
  private static final long MOST_VALUES = 1L << 30;

  private final NodeGraph graph;
  private final Map<TensorName, Optional<List<Long>>> found = new HashMap<>();

  KnownShapes(NodeGraph graph) {
    this.graph = graph;
  }

  /** A tensor's shape, -1 where a size is not known; nothing where not even the rank is. */
  Optional<List<Long>> of(TensorName tensor) {
    Deque<TensorName> open = new ArrayDeque<>(List.of(tensor));
    Set<TensorName> begun = new HashSet<>();
    while (!open.isEmpty()) {
      TensorName top = open.element();
      List<TensorName> needed = needed(top);
      if (found.containsKey(top)) {
        open.remove();
      } else if (begun.add(top) && !needed.isEmpty()) {
        needed.stream().filter(input -> !begun.contains(input)).forEach(open::push);
      } else {
        found.put(open.remove(), derived(top, needed));
      }
    }
    return of(tensor, found);
  }

  private static Optional<List<Long>> of(
      TensorName tensor, Map<TensorName, Optional<List<Long>>> found) {
    return found.getOrDefault(tensor, Optional.empty());
  }

  /** How many values a row has: 0 where that is not known, or there are no rows. */
  long rowSize(TensorName tensor) {
    List<Long> dims = of(tensor).orElse(List.of());
    long size = dims.isEmpty() ? 0 : 1;
    for (int i = 1; i < dims.size(); i++) {
      size = dims.get(i) > 0 && size < MOST_VALUES ? size * dims.get(i) : 0;
    }
    return size;
  }

  /** The sizes of a row, -1 where one is not known; none where there are no rows. */
  long[] row(TensorName tensor) {
    return of(tensor).orElse(List.of()).stream().skip(1).mapToLong(Long::longValue).toArray();
  }

  /** The shape of any number of rows. */
  static long[] ofRows(long... row) {
    long[] shape = new long[row.length + 1];
    shape[0] = UNKNOWN;
    System.arraycopy(row, 0, shape, 1, row.length);
    return shape;
  }

  /** For people. */
  String text(TensorName tensor) {
    return of(tensor).map(dims -> "shape " + dims).orElse("unknown shape");
  }

  /** Whether it is known to be a single value. */
  boolean isScalar(TensorName tensor) {
    return of(tensor).filter(List::isEmpty).isPresent();
  }

  /** The inputs that say something of a tensor's shape, unless the op says it itself. */
  private List<TensorName> needed(TensorName tensor) {
    List<TensorName> inputs = graph.inputs(tensor.op());
    String type = graph.type(tensor.op());
    if (inputs.isEmpty() || tensor.output() > 0 || told(tensor).isPresent()) {
      return List.of();
    }
    if (AS_FIRST_INPUT.contains(type) || DenseLayer.isActivation(type)) {
      return inputs.subList(0, 1);
    }
    boolean ofTwo = type.equals("MatMul") || AS_THE_LARGER_INPUT.contains(type);
    return ofTwo && inputs.size() > 1 ? inputs.subList(0, 2) : List.of();
  }

  private Optional<List<Long>> derived(TensorName tensor, List<TensorName> inputs) {
    if (inputs.isEmpty()) {
      return told(tensor);
    }
    Optional<List<Long>> first = of(inputs.get(0), found);
    if (inputs.size() == 1) {
      return first;
    }
    Optional<List<Long>> second = of(inputs.get(1), found);
    if (!graph.type(tensor.op()).equals("MatMul")) {
      boolean isFirst = second.isEmpty() || size(first) >= size(second);
      return isFirst ? first : second;
    }
    long rows = size(first, graph.flag(tensor.op(), "transpose_a") ? 1 : 0);
    long columns = size(second, graph.flag(tensor.op(), "transpose_b") ? 0 : 1);
    return Optional.of(List.of(rows, columns));
  }

  private static int size(Optional<List<Long>> shape) {
    return shape.map(List::size).orElse(-1);
  }

  private static long size(Optional<List<Long>> matrix, int dimension) {
    return matrix.filter(dims -> dims.size() == 2).map(dims -> dims.get(dimension)).orElse(UNKNOWN);
  }

  /** What the op itself says. */
  private Optional<List<Long>> told(TensorName tensor) {
    if (!graph.has(tensor.op())) {
      return Optional.empty();
    }
    NodeDef node;
    try {
      node = graph.node(tensor.op());
    } catch (MetaGraphException e) {
      return Optional.empty();
    }
    Optional<List<Long>> noted = dims(OldPlaceholder.outputShape(node, tensor.output()));
    boolean isUnknown = noted.isEmpty() && OldPlaceholder.notes(node);
    if (isUnknown && DataSources.isPlaceholder(node.getOp())) {
      return noted; // Before TF 1.3 its own attribute says then that it is of no dimensions.
    }
    if (noted.isPresent() || tensor.output() > 0) {
      return noted.isPresent() ? noted : ofList(node, tensor.output());
    }
    return switch (node.getOp()) {
      case "Const" -> dims(graph.attribute(node.getName(), "value").getTensor().getTensorShape());
      case "Placeholder", "PlaceholderV2", "PlaceholderWithDefault", "Variable", "VariableV2" ->
          dims(graph.attribute(node.getName(), "shape").getShape());
      case "ReadVariableOp" ->
          graph.inputs(node.getName()).stream()
              .findFirst()
              .flatMap(handle -> dims(graph.attribute(handle.op(), "shape").getShape()));
      case "Reshape" -> reshaped(node);
      default -> ofList(node, 0);
    };
  }

  private Optional<List<Long>> reshaped(NodeDef node) {
    List<TensorName> inputs = graph.inputs(node.getName());
    return inputs.size() > 1 && graph.isConstant(inputs.get(1))
        ? Optional.of(LongStream.of(graph.integers(inputs.get(1))).boxed().toList())
        : Optional.empty();
  }

  /** An iterator lists the shapes of what it gives out. */
  private Optional<List<Long>> ofList(NodeDef node, int output) {
    List<TensorShapeProto> shapes =
        graph.attribute(node.getName(), "output_shapes").getList().getShapeList();
    return output < shapes.size() ? dims(shapes.get(output)) : Optional.empty();
  }

  /** A proto's shape; nothing where the rank is not known. */
  static Optional<List<Long>> dims(TensorShapeProto shape) {
    return shape.getUnknownRank()
        ? Optional.empty()
        : Optional.of(shape.getDimList().stream().map(TensorShapeProto.Dim::getSize).toList());
  }
}

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
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorShapeProto;
import vae.tf1.TensorName;

/**
 * The shapes of a graph's tensors as far as the file tells them, nothing loaded: what Python noted,
 * what variables, constants and placeholders say, and what follows from that in a dense network.
 */
public final class KnownShapes {
  /** The attribute in which Python notes the shapes of an op's outputs. */
  public static final String NOTED = "_output_shapes";

  private static final Set<String> AS_FIRST_INPUT =
      NodeGraph.types(
          "Identity BiasAdd Softmax LogSoftmax StopGradient Enter Cast Exp Log Log1p Neg Sqrt"
              + " Square Abs ClipByValue");

  private static final Set<String> AS_THE_LARGER_INPUT =
      NodeGraph.types("Add AddV2 Sub Mul RealDiv");

  private static final long UNKNOWN = -1;

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
    return known(tensor);
  }

  private Optional<List<Long>> known(TensorName tensor) {
    return found.getOrDefault(tensor, Optional.empty());
  }

  /** The inputs that say something of a tensor's shape, unless the op says it itself. */
  private List<TensorName> needed(TensorName tensor) {
    List<TensorName> inputs = graph.inputs(tensor);
    String type = graph.type(tensor);
    if (inputs.isEmpty() || tensor.output() > 0 || told(tensor).isPresent()) {
      return List.of();
    }
    if (AS_FIRST_INPUT.contains(type) || NodeGraph.isActivation(type)) {
      return inputs.subList(0, 1);
    }
    boolean ofTwo = type.equals("MatMul") || AS_THE_LARGER_INPUT.contains(type);
    return ofTwo && inputs.size() > 1 ? inputs.subList(0, 2) : List.of();
  }

  private Optional<List<Long>> derived(TensorName tensor, List<TensorName> inputs) {
    if (inputs.isEmpty()) {
      return told(tensor);
    }
    Optional<List<Long>> first = known(inputs.get(0));
    if (inputs.size() == 1) {
      return first;
    }
    Optional<List<Long>> second = known(inputs.get(1));
    if (!graph.type(tensor).equals("MatMul")) {
      boolean isFirst = second.isEmpty() || rank(first) >= rank(second);
      return isFirst ? first : second;
    }
    long rows = size(first, graph.flag(tensor.op(), "transpose_a") ? 1 : 0);
    long columns = size(second, graph.flag(tensor.op(), "transpose_b") ? 0 : 1);
    return Optional.of(List.of(rows, columns));
  }

  private static int rank(Optional<List<Long>> shape) {
    return shape.map(List::size).orElse(-1);
  }

  private static long size(Optional<List<Long>> matrix, int dimension) {
    return matrix.filter(dims -> dims.size() == 2).map(dims -> dims.get(dimension)).orElse(UNKNOWN);
  }

  /** What the op itself says. */
  private Optional<List<Long>> told(TensorName tensor) {
    String op = tensor.op();
    String type = graph.type(op);
    AttrValue noted = graph.attribute(op, NOTED);
    Optional<List<Long>> shape = dims(noted(noted, tensor.output()));
    // Before TF 1.3 a placeholder's own attribute says then that it is of no dimensions.
    boolean isUnknown = noted.hasList() && DataSources.isPlaceholder(type);
    if (shape.isPresent() || isUnknown) {
      return shape;
    }
    return switch (tensor.output() > 0 ? "" : type) {
      case "Const" -> dims(graph.attribute(op, "value").getTensor().getTensorShape());
      case "Placeholder", "PlaceholderV2", "PlaceholderWithDefault", "Variable", "VariableV2" ->
          dims(graph.attribute(op, "shape").getShape());
      case "ReadVariableOp" ->
          graph.inputs(op).stream()
              .findFirst()
              .flatMap(handle -> dims(graph.attribute(handle.op(), "shape").getShape()));
      case "Reshape" -> reshaped(graph.inputs(op));
      default -> ofList(tensor);
    };
  }

  private Optional<List<Long>> reshaped(List<TensorName> inputs) {
    return inputs.size() > 1 && graph.isConstant(inputs.get(1))
        ? Optional.of(LongStream.of(graph.constant(inputs.get(1)).integers()).boxed().toList())
        : Optional.empty();
  }

  /** An iterator lists the shapes of what it gives out. */
  private Optional<List<Long>> ofList(TensorName tensor) {
    return dims(noted(graph.attribute(tensor.op(), "output_shapes"), tensor.output()));
  }

  /** The shape that Python noted of a node's output; an unknown one if it noted none. */
  public static TensorShapeProto noted(NodeDef node, int output) {
    return noted(node.getAttrOrDefault(NOTED, AttrValue.getDefaultInstance()), output);
  }

  private static TensorShapeProto noted(AttrValue shapes, int output) {
    return output < shapes.getList().getShapeCount()
        ? shapes.getList().getShape(output)
        : TensorShapeProto.newBuilder().setUnknownRank(true).build();
  }

  /** A proto's shape; nothing where the rank is not known. */
  public static Optional<List<Long>> dims(TensorShapeProto shape) {
    return shape.getUnknownRank()
        ? Optional.empty()
        : Optional.of(shape.getDimList().stream().map(TensorShapeProto.Dim::getSize).toList());
  }
}

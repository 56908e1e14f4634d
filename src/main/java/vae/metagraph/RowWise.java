package vae.metagraph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.GraphDef;
import vae.tf1.TensorName;

/**
 * Whether a function computes each row of its outputs from the same row of its inputs alone. Then
 * its batches may be cut and joined. What is not known to do so is taken not to: a mean over the
 * batch, batch normalisation in training, loops.
 */
public final class RowWise {
  /** A batch of any number of rows. */
  public static final long ANY = -1;

  /** What a tensor has to do with the inputs. */
  private enum Flow {
    /** Nothing: constants and variables. */
    FIXED,
    /** Their sizes alone. */
    SIZES,
    /** Its row i depends on their row i alone. */
    ROWS,
    /** Anything else. */
    MIXED
  }

  /** Beside {@link AllowedOps#ELEMENTWISE}. */
  private static final Set<String> ELEMENTWISE =
      NodeGraph.types(
          """
          Identity StopGradient PreventGradient Snapshot DeepCopy OnesLike ZerosLike Cast Bitcast
          EnsureShape CheckNumerics CheckNumericsV2 PlaceholderWithDefault StringLower StringUpper
          StringStrip StringLength AsString StringToNumber StringToHashBucket
          StringToHashBucketFast StringToHashBucketStrong RegexReplace StaticRegexReplace
          RegexFullMatch StaticRegexFullMatch EncodeBase64 DecodeBase64 StringJoin Bucketize Switch
          """);

  /** Of their first input alone; all others are parameters. */
  private static final Set<String> LAYERS =
      NodeGraph.types(
          """
          BiasAdd BiasAddV1 Conv2D DepthwiseConv2dNative Conv3D MaxPool MaxPoolV2 AvgPool MaxPool3D
          AvgPool3D LRN Softmax LogSoftmax SpaceToDepth DepthToSpace ResizeBilinear
          ResizeNearestNeighbor ResizeBicubic ResizeArea
          """);

  private static final Set<String> REDUCTIONS =
      NodeGraph.types("Sum Mean Prod Max Min All Any EuclideanNorm ArgMax ArgMin Cumsum Cumprod");

  private static final Set<String> SIZES = Set.of("Shape", "ShapeN", "Size", "Rank");

  /** Make something of a shape: [batch, …] if it comes of the batch's. */
  private static final Set<String> FILLED =
      NodeGraph.types("Fill RandomStandardNormal RandomUniform TruncatedNormal BroadcastTo");

  private final NodeGraph graph;
  private final Function<TensorName, Shape> shapes;
  private final Set<TensorName> inputs;
  private final long batch;
  private final Map<String, Flow> flows = new HashMap<>();

  private RowWise(
      NodeGraph graph,
      Function<TensorName, Shape> shapes,
      Collection<TensorName> inputs,
      long batch) {
    this.graph = graph;
    this.batch = batch;
    this.shapes = shapes;
    this.inputs = Set.copyOf(inputs);
  }

  /**
   * Looks at a function.
   *
   * @param shapes as TensorFlow infers them
   * @param inputs of which the rows are
   * @param batch how many rows there are, {@link #ANY} for any number
   */
  public static boolean of(
      GraphDef graph,
      Function<TensorName, Shape> shapes,
      Collection<TensorName> inputs,
      Collection<TensorName> outputs,
      long batch) {
    var search = new RowWise(new NodeGraph(graph), shapes, inputs, batch);
    for (TensorName output : outputs) {
      search.settle(output.op());
      if (search.flow(output) != Flow.ROWS) {
        return false;
      }
    }
    return true;
  }

  /** Finds the flows of an op and of all that it needs, without recursion: graphs are deep. */
  private void settle(String target) {
    Deque<String> open = new ArrayDeque<>(List.of(target));
    Set<String> begun = new HashSet<>();
    while (!open.isEmpty()) {
      String op = open.peek();
      if (flows.containsKey(op)) {
        open.pop();
        continue;
      }
      List<String> missing = new ArrayList<>();
      for (TensorName input : graph.inputs(op)) {
        if (!inputs.contains(input) && !flows.containsKey(input.op())) {
          missing.add(input.op());
        }
      }
      // An op that still waits for what it asked for before is in a loop.
      if (missing.isEmpty() || !begun.add(op)) {
        flows.put(op, missing.isEmpty() ? found(op) : Flow.MIXED);
        open.pop();
      } else {
        missing.forEach(open::push);
      }
    }
  }

  private Flow flow(TensorName tensor) {
    return inputs.contains(tensor) ? Flow.ROWS : flows.getOrDefault(tensor.op(), Flow.MIXED);
  }

  private Flow found(String op) {
    String type = graph.type(op);
    List<TensorName> arguments = graph.inputs(op);
    List<Flow> flow = arguments.stream().map(this::flow).toList();
    if (flow.contains(Flow.MIXED)) {
      return Flow.MIXED;
    }
    if (flow.stream().allMatch(Flow.FIXED::equals)) {
      return Flow.FIXED;
    }
    if (SIZES.contains(type)) {
      return Flow.SIZES;
    }
    if (FILLED.contains(type)) {
      return flow.contains(Flow.ROWS) || !isOfBatch(op) ? Flow.MIXED : Flow.ROWS;
    }
    if (!flow.contains(Flow.ROWS)) {
      return type.equals("Range") ? Flow.MIXED : Flow.SIZES;
    }
    return keepsRows(op, type, arguments, flow) ? Flow.ROWS : Flow.MIXED;
  }

  private boolean keepsRows(String op, String type, List<TensorName> arguments, List<Flow> flow) {
    TensorName first = arguments.get(0);
    boolean ofFirst =
        flow.get(0) == Flow.ROWS
            && flow.subList(1, flow.size()).stream().allMatch(Flow.FIXED::equals);
    if (ELEMENTWISE.contains(type) || AllowedOps.ELEMENTWISE.contains(type)) {
      return isElementwise(op, arguments, flow);
    }
    if (LAYERS.contains(type)) {
      return ofFirst && rank(first) >= 2;
    }
    if (REDUCTIONS.contains(type)) {
      return ofFirst && isBehindRows(arguments.get(1), rank(first));
    }
    return switch (type) {
      case "MatMul" -> ofFirst && !graph.flag(op, "transpose_a");
      case "BatchMatMul", "BatchMatMulV2", "BatchMatMulV3" ->
          flow.get(0) == Flow.ROWS
              && rank(first) >= 3
              && ((flow.get(1) == Flow.FIXED && rank(arguments.get(1)) == 2)
                  || (flow.get(1) == Flow.ROWS && rank(arguments.get(1)) == rank(first)));
      case "FusedBatchNorm", "FusedBatchNormV2", "FusedBatchNormV3" -> ofFirst && isInference(op);
      case "Conv2DBackpropInput", "Conv3DBackpropInputV2", "DepthwiseConv2dNativeBackpropInput" ->
          flow.get(0) != Flow.ROWS && flow.get(1) == Flow.FIXED && flow.get(2) == Flow.ROWS;
      case "Reshape" ->
          flow.get(0) == Flow.ROWS
              && flow.get(1) != Flow.ROWS
              && rowSize(first) > 0
              && rowSize(new TensorName(op, 0)) == rowSize(first);
      case "Squeeze" -> squeezesBehindRows(op, rank(first));
      case "ExpandDims" -> ofFirst && isBehindRows(arguments.get(1), rank(first) + 1);
      case "Transpose" -> ofFirst && startsWith(arguments.get(1), 0);
      case "ConcatV2" ->
          flow.subList(0, flow.size() - 1).stream().allMatch(Flow.ROWS::equals)
              && isBehindRows(arguments.get(arguments.size() - 1), rank(first));
      case "Concat" ->
          flow.subList(1, flow.size()).stream().allMatch(Flow.ROWS::equals)
              && isBehindRows(first, rank(arguments.get(1)));
      case "Merge" -> allRows(flow);
      case "Pack" -> allRows(flow) && isBehindRows(number(op, "axis"), rank(first) + 1);
      case "Unpack" -> isBehindRows(number(op, "axis"), rank(first));
      case "Split" -> flow.get(1) == Flow.ROWS && isBehindRows(first, rank(arguments.get(1)));
      case "SplitV" -> ofFirst && isBehindRows(arguments.get(2), rank(first));
      case "StridedSlice" -> ofFirst && slicesBehindRows(op, arguments, rank(first));
      case "Slice" ->
          ofFirst && startsWith(arguments.get(1), 0) && startsWith(arguments.get(2), -1);
      case "Pad", "PadV2", "MirrorPad" ->
          ofFirst && startsWith(arguments.get(1), 0) && startsWith(arguments.get(1), 1, 0);
      case "Tile" -> ofFirst && startsWith(arguments.get(1), 1);
      case "OneHot" -> ofFirst && rank(first) >= 1 && number(op, "axis") != 0;
      case "Gather", "ResourceGather" -> flow.get(0) == Flow.FIXED && flow.get(1) == Flow.ROWS;
      case "GatherV2" ->
          (flow.get(0) == Flow.FIXED && flow.get(1) == Flow.ROWS && startsWith(arguments.get(2), 0))
              || (flow.get(0) == Flow.ROWS
                  && flow.get(1) == Flow.FIXED
                  && isBehindRows(arguments.get(2), rank(first))
                  && number(op, "batch_dims") == 0);
      case "LookupTableFind", "LookupTableFindV2" ->
          flow.get(0) == Flow.FIXED && flow.get(1) == Flow.ROWS && flow.get(2) == Flow.FIXED;
      default -> false;
    };
  }

  /** Whether an op that makes something of sizes makes a row for each of the inputs'. */
  private boolean isOfBatch(String op) {
    Shape made = shapes.apply(new TensorName(op, 0));
    return made.numDimensions() >= 1 && (made.get(0) < 0 || made.get(0) == batch);
  }

  /** With whatever is broadcast to all rows alike. */
  private boolean isElementwise(String op, List<TensorName> arguments, List<Flow> flow) {
    int rank = rank(new TensorName(op, 0));
    if (flow.contains(Flow.SIZES) || rank < 1) {
      return false;
    }
    for (int i = 0; i < arguments.size(); i++) {
      Shape shape = shapes.apply(arguments.get(i));
      boolean fits =
          flow.get(i) == Flow.ROWS
              ? shape.numDimensions() == rank
              : !shape.isUnknown()
                  && (shape.numDimensions() < rank
                      || shape.get(0) == 1
                      || (batch > 0 && shape.get(0) == batch));
      if (!fits) {
        return false;
      }
    }
    return true;
  }

  private static boolean allRows(List<Flow> flow) {
    return flow.stream().allMatch(Flow.ROWS::equals);
  }

  private boolean isInference(String op) {
    AttrValue training = graph.attribute(op, "is_training");
    return training.getValueCase() == AttrValue.ValueCase.B && !training.getB();
  }

  /** Dimensions, or one, that are not the first. */
  private boolean isBehindRows(TensorName axes, int rank) {
    return graph.isConstant(axes)
        && LongStream.of(graph.constant(axes).integers())
            .allMatch(axis -> isBehindRows(axis, rank));
  }

  private static boolean isBehindRows(long axis, int rank) {
    return rank >= 1 && axis != 0 && axis > -rank && axis < rank;
  }

  private boolean squeezesBehindRows(String op, int rank) {
    List<Long> dims = graph.attribute(op, "squeeze_dims").getList().getIList();
    return !dims.isEmpty() && dims.stream().allMatch(axis -> isBehindRows(axis, rank));
  }

  /** {@code x[:, …]}, or {@code x[..., …]} where the dots stand for the rows too. */
  private boolean slicesBehindRows(String op, List<TensorName> arguments, int rank) {
    int specs = graph.constant(arguments.get(1)).integers().length;
    boolean all =
        (number(op, "begin_mask") & number(op, "end_mask") & 1) == 1
            && startsWith(arguments.get(3), 1);
    boolean dots = (number(op, "ellipsis_mask") & 1) == 1 && rank >= specs && specs > 0;
    boolean others =
        (number(op, "new_axis_mask") & 1) == 0 && (number(op, "shrink_axis_mask") & 1) == 0;
    return (all || dots) && others;
  }

  private boolean startsWith(TensorName constant, long value) {
    return startsWith(constant, 0, value);
  }

  private boolean startsWith(TensorName constant, int at, long value) {
    long[] values = graph.constant(constant).integers();
    return values.length > at && values[at] == value;
  }

  private long number(String op, String attribute) {
    return graph.attribute(op, attribute).getI();
  }

  private int rank(TensorName tensor) {
    return shapes.apply(tensor).numDimensions();
  }

  /** The values in a row; 0 where that is not known. */
  private long rowSize(TensorName tensor) {
    Shape shape = shapes.apply(tensor);
    long size = shape.numDimensions() < 1 ? 0 : 1;
    for (int i = 1; i < shape.numDimensions(); i++) {
      size *= Math.max(shape.get(i), 0);
    }
    return size;
  }
}

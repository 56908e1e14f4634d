package vae.metagraph;

import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.tensorflow.proto.GraphDef;
import vae.tf1.TensorName;

/**
 * Batches of one size that a graph has written into it: a transposed convolution of TF1 is told the
 * size of its output, {@code [64, 28, 28, 1]}, often with the batch. Signatures don't show it, and
 * TensorFlow does not check it: with oneDNN it ends the process over a batch of another size.
 */
public final class FixedRows {
  /** Their first input holds the size of the output. */
  private static final Set<String> SIZED =
      Set.of("Conv2DBackpropInput", "Conv3DBackpropInputV2", "DepthwiseConv2dNativeBackpropInput");

  /** They begin with their first input. */
  private static final Set<String> JOINING = Set.of("Pack", "ConcatV2", "Identity");

  private FixedRows() {}

  /** The sizes that a function is written for; none where any batch is as good. */
  public static Set<Long> of(
      GraphDef graph, Collection<TensorName> inputs, Collection<TensorName> outputs) {
    var nodes = new NodeGraph(graph);
    Set<Long> rows = new TreeSet<>();
    for (String op :
        NodeGraph.reach(computed(outputs, inputs), op -> computed(nodes.inputs(op), inputs))) {
      List<TensorName> arguments = nodes.inputs(op);
      if (SIZED.contains(nodes.type(op)) && !arguments.isEmpty()) {
        first(nodes, arguments.get(0)).ifPresent(rows::add);
      }
    }
    return rows;
  }

  private static List<String> computed(
      Collection<TensorName> tensors, Collection<TensorName> inputs) {
    return tensors.stream().filter(tensor -> !inputs.contains(tensor)).map(TensorName::op).toList();
  }

  /** Where a shape begins, if that is written into the graph; {@code x.get_shape()[0]} is so. */
  private static OptionalLong first(NodeGraph graph, TensorName shape) {
    TensorName at = graph.through(shape, JOINING);
    List<TensorName> inputs = graph.inputs(at);
    if (!graph.type(at).equals("StridedSlice")) {
      return LongStream.of(graph.constant(at).integers()).findFirst();
    }
    long[] from = graph.constant(inputs.get(0)).integers();
    long[] begin = graph.constant(inputs.get(1)).integers();
    return begin.length == 1 && begin[0] >= 0 && begin[0] < from.length
        ? OptionalLong.of(from[(int) begin[0]])
        : OptionalLong.empty();
  }
}

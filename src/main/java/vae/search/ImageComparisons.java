package vae.search;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.tensorflow.proto.NodeDef;
import vae.metagraph.NodeGraph;
import vae.tf1.TensorName;

/**
 * What the losses of a graph compare with images: the other side of a difference, or of a
 * cross-entropy, whether that is written by hand or made of logits.
 */
final class ImageComparisons {
  /**
   * Images that come in by a source, what is compared with them, and whether its sigmoid is meant.
   */
  record Comparison(TensorName image, TensorName predicted, boolean isLogits) {}

  /** The ways from logits to log(1 + exp(−|l|)), or to softplus. */
  private static final Set<String> TO_LOG_SUM =
      NodeGraph.types(
          "Neg Abs Relu Maximum Minimum Select SelectV2 GreaterEqual Exp Add AddV2 Mul Identity"
              + " Reshape");

  private static final int FARTHEST = 8;

  private final NodeGraph graph;
  private final ImageTraces traces;
  private final Set<Comparison> found = new LinkedHashSet<>();

  private ImageComparisons(NodeGraph graph, ImageTraces traces) {
    this.graph = graph;
    this.traces = traces;
  }

  /** Finds them all, in the file's order. */
  static Collection<Comparison> in(NodeGraph graph, ImageTraces traces) {
    var search = new ImageComparisons(graph, traces);
    for (NodeDef node : graph.nodes()) {
      List<TensorName> inputs = graph.inputs(node.getName());
      if (inputs.size() >= 2 && !NodeGraph.isOfGradients(node.getName())) {
        search.look(node.getOp(), inputs.get(0), inputs.get(1));
        search.look(node.getOp(), inputs.get(1), inputs.get(0));
      }
    }
    return search.found;
  }

  private void look(String type, TensorName image, TensorName other) {
    boolean isDifference = type.equals("Sub") || type.equals("SquaredDifference");
    if (!isDifference && !type.equals("Mul")) {
      return;
    }
    Optional<TensorName> source = traces.source(image);
    if (source.isEmpty() || traces.source(other).isPresent() || !isAlike(image, other)) {
      return;
    }
    if (isDifference) {
      add(source.get(), other, false);
    } else {
      lookAtProduct(source.get(), other);
    }
  }

  /** {@code x · log x̂}, {@code x · l} beside log(1 + exp(−|l|)), or {@code x · softplus(−l)}. */
  private void lookAtProduct(TensorName source, TensorName factor) {
    TensorName term = traces.adjusted(factor);
    List<TensorName> inputs = graph.inputs(term);
    switch (graph.type(term)) {
      case "Log", "Log1p" -> add(source, probability(inputs.get(0)), false);
      case "Softplus" -> add(source, traces.adjusted(inputs.get(0)), true);
      default -> {
        if (leadsToLogSum(factor)) {
          add(source, factor, true);
        }
      }
    }
  }

  /** Keras turns probabilities to logits, log(p / (1 − p)), before it compares them. */
  private TensorName probability(TensorName tensor) {
    TensorName at = traces.adjusted(tensor);
    return graph.type(at).equals("RealDiv") ? traces.adjusted(graph.input(at, 0)) : at;
  }

  private boolean leadsToLogSum(TensorName logits) {
    Deque<String> open = new ArrayDeque<>(List.of(logits.op()));
    Set<String> seen = new HashSet<>();
    for (int step = 0; step < FARTHEST; step++) {
      Deque<String> next = new ArrayDeque<>();
      for (String op : open) {
        for (String reader : graph.readers(op)) {
          String type = graph.type(reader);
          boolean isLogOfExp = type.equals("Log") && graph.type(addend(reader)).equals("Exp");
          if (type.equals("Log1p") || type.equals("Softplus") || isLogOfExp) {
            return true;
          }
          if (TO_LOG_SUM.contains(type) && !NodeGraph.isOfGradients(reader) && seen.add(reader)) {
            next.add(reader);
          }
        }
      }
      open = next;
    }
    return false;
  }

  private String addend(String log) {
    return traces.adjusted(graph.input(log, 0)).op();
  }

  private void add(TensorName source, TensorName other, boolean isLogits) {
    Optional<TensorName> image = ofRows(source, other);
    if (image.isEmpty()) {
      return;
    }
    Optional<TensorName> squashed = isLogits ? sigmoid(image.get()) : Optional.empty();
    found.add(new Comparison(source, squashed.orElse(image.get()), isLogits && squashed.isEmpty()));
  }

  /** Where something first has a row for each image, before it is given another shape. */
  private Optional<TensorName> ofRows(TensorName source, TensorName other) {
    long size = graph.rowSize(source);
    TensorName first = traces.unshaped(other);
    Optional<TensorName> found = Optional.empty();
    for (TensorName at = other; ; at = graph.input(at, 0)) {
      if (size == 0 || graph.rowSize(at) == 0 || graph.rowSize(at) == size) {
        found = Optional.of(at);
      }
      if (at.equals(first)) {
        return found;
      }
    }
  }

  /** The sigmoid of logits that stands in the graph, as they are or in another shape. */
  private Optional<TensorName> sigmoid(TensorName logits) {
    return NodeGraph.reach(List.of(logits.op()), op -> readers(op, ImageTraces.SHAPING)).stream()
        .flatMap(op -> readers(op, Set.of("Sigmoid")).stream())
        .filter(op -> !NodeGraph.isOfGradients(op))
        .map(op -> new TensorName(op, 0))
        .findFirst();
  }

  private List<String> readers(String op, Set<String> types) {
    return graph.readers(op).stream().filter(reader -> types.contains(graph.type(reader))).toList();
  }

  /** Whether two tensors could be compared value by value. */
  private boolean isAlike(TensorName one, TensorName other) {
    Optional<List<Long>> first = graph.shape(one);
    Optional<List<Long>> second = graph.shape(other);
    if (first.isEmpty() || second.isEmpty()) {
      return true;
    }
    int rank = first.get().size();
    return rank == second.get().size()
        && IntStream.range(0, rank).allMatch(i -> fits(first.get().get(i), second.get().get(i)));
  }

  private static boolean fits(long size, long other) {
    return size < 0 || other < 0 || size == other;
  }
}

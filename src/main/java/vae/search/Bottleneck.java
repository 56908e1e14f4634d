package vae.search;

import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import vae.metagraph.NodeGraph;
import vae.tf1.TensorName;

/**
 * The narrowest place of an autoencoder: of the tensors through which all goes, and that have
 * weights before and behind them, the one of the fewest values.
 */
record Bottleneck(NodeGraph graph) {
  private static final Pattern LAYER =
      Pattern.compile("(Batch)?MatMul.*|(Depthwise)?Conv[23][Dd].*");

  private static final Set<String> OF_LOOPS =
      Set.of("Enter", "RefEnter", "While", "StatelessWhile");

  private static final int MOST_GATES = 1_000;

  /** Finds it among the ops through which all goes; a recurrent network has no code an image. */
  Optional<TensorName> between(TensorName image, TensorName recon, List<String> gates) {
    Set<String> all = graph.between(image.op(), recon.op());
    if (all.stream().anyMatch(op -> OF_LOOPS.contains(graph.type(op)))) {
      return Optional.empty();
    }
    Set<String> layers = new HashSet<>(all);
    Set<String> ofImages = new HashSet<>(all);
    ofImages.add(image.op());
    layers.removeIf(op -> !isLayer(op, ofImages));
    // Layers before a gate only grow in number from gate to gate, those behind it only shrink.
    int from = first(gates, gate -> hasLayer(image.op(), gate, layers));
    int to = first(gates, gate -> !hasLayer(gate, recon.op(), layers));
    Optional<TensorName> narrowest = Optional.empty();
    for (String gate : gates.subList(from, Math.max(from, Math.min(to, from + MOST_GATES)))) {
      var tensor = new TensorName(gate, 0);
      boolean couldBe = graph.rowSize(tensor) > 0 && isOfSameRows(image, tensor);
      if (couldBe && (narrowest.isEmpty() || isBetter(tensor, narrowest.get(), layers))) {
        narrowest = Optional.of(tensor);
      }
    }
    return narrowest.filter(code -> isCode(code, recon, layers));
  }

  /** One wider than the images is told by a last layer of weights, as of sparse autoencoders. */
  private boolean isCode(TensorName code, TensorName recon, Set<String> layers) {
    long size = graph.rowSize(recon);
    Set<String> behind = graph.between(code.op(), recon.op());
    behind.retainAll(layers);
    return size == 0 || graph.rowSize(code) <= size || behind.size() == 1;
  }

  private boolean hasLayer(String from, String to, Set<String> layers) {
    return !Collections.disjoint(graph.between(from, to), layers);
  }

  /** The first gate from which on something holds, by bisection. */
  private static int first(List<String> gates, Predicate<String> holds) {
    int low = 0;
    int high = gates.size();
    while (low < high) {
      int middle = (low + high) / 2;
      if (holds.test(gates.get(middle))) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  private boolean isOfSameRows(TensorName image, TensorName tensor) {
    long given = rows(image);
    long found = rows(tensor);
    return given < 0 || found < 0 || given == found;
  }

  private long rows(TensorName tensor) {
    return graph.shape(tensor).filter(dims -> !dims.isEmpty()).map(dims -> dims.get(0)).orElse(-1L);
  }

  /** Narrower; or as narrow, of the same layer, and further on: behind its activation. */
  private boolean isBetter(TensorName tensor, TensorName other, Set<String> layers) {
    long size = graph.rowSize(tensor);
    long least = graph.rowSize(other);
    if (size != least) {
      return size < least;
    }
    return !hasLayer(other.op(), tensor.op(), layers)
        && (graph.isOfRank(tensor, 2) || !graph.isOfRank(other, 2));
  }

  /** Whether an op is a layer: what it weighs by is made of no image. */
  private boolean isLayer(String op, Set<String> ofImages) {
    return LAYER.matcher(graph.type(op)).matches()
        && graph.inputs(op).stream().anyMatch(input -> !ofImages.contains(input.op()));
  }
}

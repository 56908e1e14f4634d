package vae.search;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.proto.NodeDef;
import vae.metagraph.DataSources;
import vae.metagraph.NodeGraph;
import vae.search.ImageComparisons.Comparison;
import vae.tf1.GraphVariable;
import vae.tf1.TensorName;

/**
 * Images that a graph makes and judges: the same variables look at them that look at those of a
 * source, as a GAN's discriminator does.
 */
record JudgedImages(NodeGraph graph, ImageTraces traces) {
  private static final Set<String> LAYERS = Set.of("MatMul", "Conv2D", "Conv3D");

  /** A weight may be divided by its norm before it is used. */
  private static final Set<String> HANDING_ON =
      Set.of("Identity", "ReadVariableOp", "Switch", "Enter", "RealDiv", "Reshape", "Transpose");

  /** Finds them all, with the images beside which they are judged. */
  Collection<Comparison> find() {
    Map<String, Set<TensorName>> seen = new LinkedHashMap<>();
    for (NodeDef node : graph.nodes()) {
      List<TensorName> inputs = graph.inputs(node.getName());
      if (LAYERS.contains(node.getOp())
          && inputs.size() == 2
          && !NodeGraph.isOfGradients(node.getName())) {
        String weight = graph.through(inputs.get(1), HANDING_ON).op();
        if (GraphVariable.isVariable(graph.type(weight))) {
          seen.computeIfAbsent(weight, key -> new LinkedHashSet<>()).addAll(looksAt(inputs.get(0)));
        }
      }
    }
    Set<Comparison> judged = new LinkedHashSet<>();
    for (Set<TensorName> together : seen.values()) {
      for (TensorName one : together) {
        traces.source(one).ifPresent(image -> addAlike(judged, image, together));
      }
    }
    return judged;
  }

  private void addAlike(Set<Comparison> judged, TensorName image, Set<TensorName> together) {
    long size = graph.rowSize(image);
    for (TensorName other : together) {
      boolean isMade = traces.source(other).isEmpty() && !graph.isConstant(other);
      if (size > 0 && isMade && isAlike(image, other)) {
        judged.add(new Comparison(image, other, false));
      }
    }
  }

  /** Of one size; or of as many dimensions, where the size is computed. */
  private boolean isAlike(TensorName image, TensorName other) {
    long size = graph.rowSize(other);
    return size > 0
        ? size == graph.rowSize(image)
        : graph.shape(other).map(List::size).equals(graph.shape(image).map(List::size));
  }

  /** What a layer is given, be it several tensors in one. */
  private Set<TensorName> looksAt(TensorName given) {
    Set<TensorName> found = new LinkedHashSet<>();
    Deque<TensorName> open = new ArrayDeque<>(List.of(given));
    while (!open.isEmpty()) {
      TensorName at = traces.unshaped(open.remove());
      List<TensorName> inputs = graph.inputs(at);
      switch (graph.type(at)) {
        case "ConcatV2" -> open.addAll(inputs.subList(0, inputs.size() - 1));
        case "Concat" -> open.addAll(inputs.subList(1, inputs.size()));
        case "Add", "AddV2" -> {
          List<TensorName> others = inputs.stream().filter(input -> !isNoise(input)).toList();
          if (others.size() == 1) {
            open.addAll(others);
          } else {
            found.add(at);
          }
        }
        default -> found.add(at);
      }
    }
    return found;
  }

  /** Whether a tensor is drawn, and depends on nothing else. Some blur what is judged by it. */
  private boolean isNoise(TensorName tensor) {
    Set<String> above = graph.valueAncestors(tensor.op());
    return above.stream().anyMatch(op -> LatentSearch.isGaussian(graph.type(op)))
        && above.stream()
            .map(graph::type)
            .noneMatch(type -> DataSources.isSource(type) || GraphVariable.isVariable(type));
  }
}

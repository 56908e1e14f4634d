package vae.search;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import vae.metagraph.NodeGraph;
import vae.tf1.TensorName;

/** Follows tensors back through ops that change an image's shape, type or scale, and no more. */
final class ImageTraces {
  /** They keep all values of their first input, in their order. */
  static final Set<String> SHAPING =
      Set.of("Identity", "Reshape", "ExpandDims", "Squeeze", "StopGradient", "EnsureShape");

  private static final Set<String> OF_FIRST =
      Set.of("Cast", "Neg", "ClipByValue", "Transpose", "Tile");

  private static final Set<String> OF_A_CONSTANT =
      Set.of("Add", "AddV2", "Sub", "Mul", "RealDiv", "Div", "Maximum", "Minimum");

  private final NodeGraph graph;

  /** Where images could come in. */
  private final Set<TensorName> sources;

  private final Map<TensorName, Optional<TensorName>> found = new HashMap<>();

  ImageTraces(NodeGraph graph, Set<TensorName> sources) {
    this.graph = graph;
    this.sources = sources;
  }

  /** The source that a tensor is the images of; nothing if it is made of more than one's. */
  Optional<TensorName> source(TensorName tensor) {
    Optional<TensorName> known = found.get(tensor);
    if (known != null) {
      return known;
    }
    Optional<TensorName> source = Optional.empty();
    for (Optional<TensorName> at = Optional.of(tensor); at.isPresent(); at = before(at.get())) {
      if (sources.contains(at.get())) {
        source = at;
        break;
      }
    }
    found.put(tensor, source);
    return source;
  }

  private Optional<TensorName> before(TensorName tensor) {
    List<TensorName> inputs = graph.inputs(tensor);
    String type = graph.type(tensor);
    if (inputs.isEmpty()) {
      return Optional.empty();
    }
    return SHAPING.contains(type) || OF_FIRST.contains(type)
        ? Optional.of(inputs.get(0))
        : ofConstant(type, inputs);
  }

  private Optional<TensorName> ofConstant(String type, List<TensorName> inputs) {
    if (!OF_A_CONSTANT.contains(type) || inputs.size() < 2) {
      return Optional.empty();
    }
    if (graph.isConstant(inputs.get(1))) {
      return Optional.of(inputs.get(0));
    }
    return graph.isConstant(inputs.get(0)) ? Optional.of(inputs.get(1)) : Optional.empty();
  }

  /** What a tensor is made of, looking through ops that clip, shift or scale it by constants. */
  TensorName adjusted(TensorName tensor) {
    TensorName at = tensor;
    for (Optional<TensorName> before = before(at); before.isPresent(); before = before(at)) {
      if (sources.contains(at)) {
        break;
      }
      at = before.get();
    }
    return at;
  }

  /** The tensor that an image is first in, before it is given another shape. */
  TensorName unshaped(TensorName tensor) {
    return graph.through(tensor, SHAPING);
  }
}

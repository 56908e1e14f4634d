package vae.search;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import vae.metagraph.NodeGraph;
import vae.tf1.TensorName;

/**
 * One layer of a decoder that is made of nothing but {@code activation(input · weight + bias)}.
 *
 * @param weight the weight's place in the collection {@code trainable_variables}, from 0
 * @param bias the bias's place
 * @param activation the op's type, such as {@code Tanh}; empty if there is none
 */
public record DenseLayer(int weight, int bias, String activation) {
  /** The activation as {@code tf.nn} calls it; empty if there is none. */
  public String pythonActivation() {
    return activation.replaceAll("([a-z])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
  }

  /** The layers between two tensors, the first first; none if the ops are of another kind. */
  static List<DenseLayer> between(
      NodeGraph graph, TensorName from, TensorName to, List<String> trainable) {
    Deque<DenseLayer> layers = new ArrayDeque<>();
    TensorName at = graph.through(to);
    TensorName start = graph.through(from);
    while (!at.equals(start)) {
      String activation = "";
      if (NodeGraph.isActivation(graph.type(at))) {
        activation = graph.type(at);
        at = graph.through(graph.input(at, 0));
      }
      if (!Set.of("Add", "AddV2", "BiasAdd").contains(graph.type(at))) {
        return List.of();
      }
      List<TensorName> sum = graph.inputs(at);
      TensorName product = graph.through(sum.get(0));
      if (!graph.type(product).equals("MatMul")
          || graph.flag(product.op(), "transpose_a")
          || graph.flag(product.op(), "transpose_b")) {
        return List.of();
      }
      List<TensorName> factors = graph.inputs(product);
      int weight = trainable.indexOf(graph.through(factors.get(1)).op());
      int bias = trainable.indexOf(graph.through(sum.get(1)).op());
      if (weight < 0 || bias < 0) {
        return List.of();
      }
      layers.addFirst(new DenseLayer(weight, bias, activation));
      at = graph.through(factors.get(0));
    }
    return List.copyOf(layers);
  }
}

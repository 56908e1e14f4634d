package vae.metagraph;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import vae.tf1.TensorName;

/**
 * One layer of a decoder that is made of nothing but {@code activation(input · weight + bias)}.
 *
 * @param weight the weight's place in the collection {@code trainable_variables}, from 0
 * @param bias the bias's place
 * @param activation the op's type, such as {@code Tanh}; empty if there is none
 */
public record DenseLayer(int weight, int bias, String activation) {
  private static final Map<String, String> PYTHON_NAMES =
      Map.of(
          "Tanh",
          "tanh",
          "Sigmoid",
          "sigmoid",
          "Relu",
          "relu",
          "Relu6",
          "relu6",
          "Elu",
          "elu",
          "Selu",
          "selu",
          "Softplus",
          "softplus",
          "Softsign",
          "softsign",
          "LeakyRelu",
          "leaky_relu");

  /** Whether ops of a type are activations that a layer may have. */
  static boolean isActivation(String type) {
    return PYTHON_NAMES.containsKey(type);
  }

  /** The activation as {@code tf.nn} calls it; empty if there is none. */
  public String pythonActivation() {
    return PYTHON_NAMES.getOrDefault(activation, "");
  }

  /**
   * Reads the layers between two tensors, the first first.
   *
   * @param trainable the trainable variables' ops, in the collection's order
   * @return none if the ops are of another kind
   */
  static List<DenseLayer> between(
      NodeGraph graph, TensorName from, TensorName to, List<String> trainable) {
    Deque<DenseLayer> layers = new ArrayDeque<>();
    TensorName at = graph.through(to);
    TensorName start = graph.through(from);
    while (!at.equals(start)) {
      String activation = "";
      if (PYTHON_NAMES.containsKey(graph.type(at.op()))) {
        activation = graph.type(at.op());
        at = graph.through(graph.inputs(at.op()).get(0));
      }
      if (!Set.of("Add", "AddV2", "BiasAdd").contains(graph.type(at.op()))) {
        return List.of();
      }
      List<TensorName> sum = graph.inputs(at.op());
      TensorName product = graph.through(sum.get(0));
      if (!graph.type(product.op()).equals("MatMul")
          || graph.flag(product.op(), "transpose_a")
          || graph.flag(product.op(), "transpose_b")) {
        return List.of();
      }
      List<TensorName> factors = graph.inputs(product.op());
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

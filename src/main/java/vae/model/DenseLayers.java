package vae.model;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import vae.tf1.TutorialVariable;

/** Adds the network's dense layers to a graph, and remembers them. */
final class DenseLayers {
  private final Ops tf;
  private final VaeParameters parameters;
  private final List<Dense> built = new ArrayList<>();

  /**
   * A layer as it stands in a graph, before its activation: a = input · W + b.
   *
   * @param input [batch, in]
   * @param weights W, [in, out]
   * @param biases b, [out]
   * @param preActivation a, [batch, out]
   */
  record Dense(
      Operand<TFloat32> input,
      Operand<TFloat32> weights,
      Operand<TFloat32> biases,
      Operand<TFloat32> preActivation) {}

  DenseLayers(Ops tf, VaeParameters parameters) {
    this.tf = tf;
    this.parameters = parameters;
  }

  /** {@code tf.matmul(input, weights[w]) + biases[b]}; the sum is added by {@code named}. */
  Operand<TFloat32> dense(
      Ops named, Operand<TFloat32> input, TutorialVariable w, TutorialVariable b) {
    var weights = parameters.get(w);
    var biases = parameters.get(b);
    Operand<TFloat32> preActivation = named.math.add(tf.linalg.matMul(input, weights), biases);
    built.add(new Dense(input, weights, biases, preActivation));
    return preActivation;
  }

  /** All layers so far, in the order in which they were added. */
  List<Dense> built() {
    return List.copyOf(built);
  }
}

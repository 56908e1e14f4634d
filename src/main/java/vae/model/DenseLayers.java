package vae.model;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Adds the network's dense layers to a graph, and remembers them. */
final class DenseLayers {
  private final Ops tf;
  private final VaeParameters parameters;
  private final List<Dense> built = new ArrayList<>();

  DenseLayers(Ops tf, VaeParameters parameters) {
    this.tf = tf;
    this.parameters = parameters;
  }

  /** {@code tf.matmul(input, weights[w]) + biases[b]}. */
  Operand<TFloat32> dense(Operand<TFloat32> input, String w, String b) {
    return dense(tf, input, w, b);
  }

  /** The same under a name. */
  Operand<TFloat32> dense(String name, Operand<TFloat32> input, String w, String b) {
    return dense(tf.withName(name), input, w, b);
  }

  /** All layers so far, in the order in which they were added. */
  List<Dense> built() {
    return List.copyOf(built);
  }

  private Operand<TFloat32> dense(Ops named, Operand<TFloat32> input, String w, String b) {
    var weights = parameters.weights(w);
    var biases = parameters.biases(b);
    Operand<TFloat32> preActivation = named.math.add(tf.linalg.matMul(input, weights), biases);
    built.add(new Dense(input, weights, biases, preActivation));
    return preActivation;
  }
}

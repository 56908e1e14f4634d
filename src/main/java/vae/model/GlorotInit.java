package vae.model;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.random.RandomStandardNormal;
import org.tensorflow.types.TFloat32;
import vae.config.Seed;

/**
 * The tutorial's {@code glorot_init}: normal values of mean 0 and standard deviation {@code 1 /
 * sqrt(shape[0] / 2)}, for biases too. (The variance 2 / fan-in is He's rule, 2015; Glorot and
 * Bengio's, 2010, is 2 / (fan-in + fan-out). The name is the tutorial's.)
 */
final class GlorotInit {
  private final Ops tf;
  private final Seed seed;
  private long drawn;

  GlorotInit(Ops tf, Seed seed) {
    this.tf = tf;
    this.seed = seed;
  }

  /** Initial values; each call draws its own. */
  Operand<TFloat32> values(long... shape) {
    // TensorFlow takes the pair (0, 0) for "no seed"; the second number is never 0 here.
    var normal =
        tf.random.randomStandardNormal(
            tf.array(shape),
            TFloat32.class,
            RandomStandardNormal.seed(seed.value()),
            RandomStandardNormal.seed2(++drawn));
    return tf.math.mul(normal, tf.constant((float) (1 / Math.sqrt(shape[0] / 2.0))));
  }
}

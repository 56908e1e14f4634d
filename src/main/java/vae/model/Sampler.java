package vae.model;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import vae.tf1.Tf1Names;

/**
 * The tutorial's {@code sampler}: a draw from the posterior that gradients can pass (the
 * reparameterisation of Kingma and Welling, 2013, section 2.4).
 */
final class Sampler {
  private Sampler() {}

  /** z = z_mean + exp(z_std / 2) · ε with ε ~ N(0, I), [batch, latent]. */
  static Operand<TFloat32> sample(Ops tf, Encoding encoding) {
    var epsilon =
        tf.withName(Tf1Names.EPSILON)
            .random
            .randomStandardNormal(tf.shape(encoding.zStd()), TFloat32.class);
    // TensorFlow's C++ gradients would look for one of the random op, by way of ε's shape.
    return sample(tf, encoding, tf.stopGradient(epsilon));
  }

  /** The same with noise from elsewhere, [batch, latent]. */
  static Operand<TFloat32> sample(Ops tf, Encoding encoding, Operand<TFloat32> epsilon) {
    var sigma = tf.math.exp(tf.math.div(encoding.zStd(), tf.constant(2f)));
    return tf.math.add(encoding.zMean(), tf.math.mul(sigma, epsilon));
  }
}

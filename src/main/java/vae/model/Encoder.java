package vae.model;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import vae.tf1.Tf1Names;

/** The tutorial's {@code encoder}: from an image to its posterior. */
final class Encoder {
  private final Ops tf;
  private final VaeParameters parameters;

  Encoder(Ops tf, VaeParameters parameters) {
    this.tf = tf;
    this.parameters = parameters;
  }

  /** z_mean and z_std of images x, [batch, input]. */
  Encoding encode(Operand<TFloat32> x) {
    var weighted = tf.linalg.matMul(x, parameters.weights("encoder_h1"));
    var h = tf.math.tanh(tf.math.add(weighted, parameters.biases("encoder_b1")));
    return new Encoding(output(Tf1Names.Z_MEAN, h, "z_mean"), output(Tf1Names.Z_STD, h, "z_std"));
  }

  private Operand<TFloat32> output(String name, Operand<TFloat32> h, String key) {
    var weighted = tf.linalg.matMul(h, parameters.weights(key));
    return tf.withName(name).math.add(weighted, parameters.biases(key));
  }
}

package vae.model;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** The tutorial's {@code decoder}: from z to an image. */
final class Decoder {
  private final Ops tf;
  private final VaeParameters parameters;

  Decoder(Ops tf, VaeParameters parameters) {
    this.tf = tf;
    this.parameters = parameters;
  }

  /**
   * Decodes z, [batch, latent]; each call adds a subgraph, and all share the variables.
   *
   * @param imageName the name of the op that gives the image
   */
  Decoding decode(Operand<TFloat32> z, String imageName) {
    var weighted = tf.linalg.matMul(z, parameters.weights("decoder_h1"));
    var h = tf.math.tanh(tf.math.add(weighted, parameters.biases("decoder_b1")));
    var weightedH = tf.linalg.matMul(h, parameters.weights("decoder_out"));
    var logits = tf.math.add(weightedH, parameters.biases("decoder_out"));
    return new Decoding(logits, tf.withName(imageName).math.sigmoid(logits));
  }
}

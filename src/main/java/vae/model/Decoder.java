package vae.model;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** The tutorial's {@code decoder}: from z to an image. */
final class Decoder {
  private final Ops tf;
  private final DenseLayers layers;

  Decoder(Ops tf, DenseLayers layers) {
    this.tf = tf;
    this.layers = layers;
  }

  /**
   * Decodes z, [batch, latent]; each call adds a subgraph, and all share the variables.
   *
   * @param imageName the name of the op that gives the image
   */
  Decoding decode(Operand<TFloat32> z, String imageName) {
    var h = tf.math.tanh(layers.dense(z, "decoder_h1", "decoder_b1"));
    var logits = layers.dense(h, "decoder_out", "decoder_out");
    return new Decoding(logits, tf.withName(imageName).math.sigmoid(logits));
  }
}

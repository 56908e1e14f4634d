package vae.model;

import static vae.tf1.TutorialVariable.DECODER_B1;
import static vae.tf1.TutorialVariable.DECODER_H1;
import static vae.tf1.TutorialVariable.DECODER_OUT;
import static vae.tf1.TutorialVariable.DECODER_OUT_BIASES;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** The tutorial's {@code decoder}: from z to an image. */
final class Decoder {
  private Decoder() {}

  /**
   * What it makes of a batch of z: the parameters of p(x|z), a Bernoulli a pixel.
   *
   * @param logits the log-odds of each pixel, [batch, input]
   * @param image sigmoid(logits), the probabilities, x̂ in [0, 1], [batch, input]
   */
  record Decoding(Operand<TFloat32> logits, Operand<TFloat32> image) {}

  /** Decodes z, [batch, latent]; {@code imageName} names the op that gives the image. */
  static Decoding decode(Ops tf, DenseLayers layers, Operand<TFloat32> z, String imageName) {
    var h = tf.math.tanh(layers.dense(tf, z, DECODER_H1, DECODER_B1));
    var logits = layers.dense(tf, h, DECODER_OUT, DECODER_OUT_BIASES);
    return new Decoding(logits, tf.withName(imageName).math.sigmoid(logits));
  }
}

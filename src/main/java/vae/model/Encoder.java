package vae.model;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import vae.tf1.Tf1Names;

/** The tutorial's {@code encoder}: from an image to its posterior. */
final class Encoder {
  private final Ops tf;
  private final DenseLayers layers;

  Encoder(Ops tf, DenseLayers layers) {
    this.tf = tf;
    this.layers = layers;
  }

  /** z_mean and z_std of images x, [batch, input]. */
  Encoding encode(Operand<TFloat32> x) {
    var h = tf.math.tanh(layers.dense(x, "encoder_h1", "encoder_b1"));
    return new Encoding(
        layers.dense(Tf1Names.Z_MEAN, h, "z_mean", "z_mean"),
        layers.dense(Tf1Names.Z_STD, h, "z_std", "z_std"));
  }
}

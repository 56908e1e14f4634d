package vae.model;

import static vae.tf1.TutorialVariable.ENCODER_B1;
import static vae.tf1.TutorialVariable.ENCODER_H1;
import static vae.tf1.TutorialVariable.Z_MEAN_BIASES;
import static vae.tf1.TutorialVariable.Z_MEAN_WEIGHTS;
import static vae.tf1.TutorialVariable.Z_STD_BIASES;
import static vae.tf1.TutorialVariable.Z_STD_WEIGHTS;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import vae.tf1.Tf1Names;

/** The tutorial's {@code encoder}: from an image to its posterior. */
final class Encoder {
  private Encoder() {}

  /** z_mean and z_std of images x, [batch, input]. */
  static Encoding encode(Ops tf, DenseLayers layers, Operand<TFloat32> x) {
    var h = tf.math.tanh(layers.dense(tf, x, ENCODER_H1, ENCODER_B1));
    return new Encoding(
        layers.dense(tf.withName(Tf1Names.Z_MEAN), h, Z_MEAN_WEIGHTS, Z_MEAN_BIASES),
        layers.dense(tf.withName(Tf1Names.Z_STD), h, Z_STD_WEIGHTS, Z_STD_BIASES));
  }
}

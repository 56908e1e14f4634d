package vae.model;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.ReduceSum;
import org.tensorflow.types.TFloat32;
import vae.config.Objective;
import vae.model.Decoder.Decoding;
import vae.tf1.Tf1Names;

/**
 * The tutorial's {@code vae_loss}: the negative ELBO in nats, averaged over the batch (Kingma and
 * Welling, 2013, equation 10 and appendix B).
 */
final class VaeLoss {
  private VaeLoss() {}

  /**
   * Reconstruction loss plus β times the KL divergence.
   *
   * @param recon the decoded samples, [batch, input]
   * @param xTrue the images, in [0, 1], [batch, input]
   * @param encoding the posterior of the images
   * @return a scalar, nats an image
   */
  static Operand<TFloat32> vaeLoss(
      Ops tf, Objective objective, Decoding recon, Operand<TFloat32> xTrue, Encoding encoding) {
    return mean(tf, perImage(tf, objective, recon, xTrue, encoding));
  }

  /**
   * The loss of each image, [batch]: in nats, but for {@link vae.config.LossFormula#L2}, whose
   * squares have no unit.
   */
  static Operand<TFloat32> perImage(
      Ops tf, Objective objective, Decoding recon, Operand<TFloat32> xTrue, Encoding encoding) {
    var encodeDecodeLoss =
        switch (objective.formula()) {
          case TUTORIAL -> crossEntropy(tf, recon.image(), xTrue);
          case LOGITS -> crossEntropyFromLogits(tf, recon.logits(), xTrue);
          case L2 -> sumOverUnits(tf, tf.math.square(tf.math.sub(xTrue, recon.image())));
        };
    var klDivLoss = klDivergence(tf, encoding.zMean(), encoding.zStd());
    // The tutorial has no such factor, and its graph gets no op for it.
    var weighed =
        objective.beta() == 1 ? klDivLoss : tf.math.mul(tf.constant(objective.beta()), klDivLoss);
    return tf.math.add(encodeDecodeLoss, weighed);
  }

  /** The scalar that is minimised, from the loss of each image. */
  static Operand<TFloat32> mean(Ops tf, Operand<TFloat32> perImage) {
    return tf.withName(Tf1Names.LOSS).math.mean(perImage, tf.constant(0));
  }

  /** The KL divergence of all images, whose posteriors come in parts: a scalar, nats an image. */
  static Operand<TFloat32> meanKl(Ops tf, List<Encoding> parts) {
    List<Operand<TFloat32>> each = new ArrayList<>();
    parts.forEach(part -> each.add(klDivergence(tf, part.zMean(), part.zStd())));
    var all = each.size() == 1 ? each.get(0) : tf.concat(each, tf.constant(0));
    return tf.math.mean(all, tf.constant(0));
  }

  /** −Σ x·log(1e-10 + x̂) + (1 − x)·log(1e-10 + 1 − x̂), term by term as the tutorial has it. */
  private static Operand<TFloat32> crossEntropy(
      Ops tf, Operand<TFloat32> xReconstructed, Operand<TFloat32> xTrue) {
    var one = tf.constant(1f);
    var logOn = tf.math.log(tf.math.add(tf.constant(1e-10f), xReconstructed));
    // Python adds 1e-10 + 1 before TensorFlow sees it, and float32 rounds the sum to 1.
    var logOff = tf.math.log(tf.math.sub(tf.constant((float) (1e-10 + 1)), xReconstructed));
    var logLikelihood =
        tf.math.add(tf.math.mul(xTrue, logOn), tf.math.mul(tf.math.sub(one, xTrue), logOff));
    return tf.math.neg(sumOverUnits(tf, logLikelihood));
  }

  /** The same from the logits l: −x·log σ(l) − (1 − x)·log(1 − σ(l)) = softplus(l) − x·l. */
  private static Operand<TFloat32> crossEntropyFromLogits(
      Ops tf, Operand<TFloat32> logits, Operand<TFloat32> xTrue) {
    return sumOverUnits(tf, tf.math.sub(tf.math.softplus(logits), tf.math.mul(xTrue, logits)));
  }

  /** KL(q(z|x) ‖ N(0, I)) = −½ Σ (1 + z_std − z_mean² − exp(z_std)). */
  private static Operand<TFloat32> klDivergence(
      Ops tf, Operand<TFloat32> zMean, Operand<TFloat32> zStd) {
    var onePlusLogVariance = tf.math.add(tf.constant(1f), zStd);
    var terms =
        tf.math.sub(tf.math.sub(onePlusLogVariance, tf.math.square(zMean)), tf.math.exp(zStd));
    return tf.math.mul(tf.constant(-0.5f), sumOverUnits(tf, terms));
  }

  /** From [batch, n] to [batch]. */
  private static Operand<TFloat32> sumOverUnits(Ops tf, Operand<TFloat32> terms) {
    return tf.reduceSum(terms, tf.constant(1), ReduceSum.keepDims(false));
  }
}

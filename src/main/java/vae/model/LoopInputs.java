package vae.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TType;
import vae.config.TrainingPlan;
import vae.tf1.Tf1Names;

/**
 * What a loop of N steps takes, but for the variables.
 *
 * @param images all that are trained on, as bytes, [images, input]
 * @param count how many steps are to be taken, a scalar, at most N
 * @param indices which images are a step's batch, [N, batch]
 * @param epsilon the noise of each step, [N, batch, latent]
 * @param learningRates one a step, [N]
 * @param seen what the encoder sees, 0 or 1, [N, batch, input]; nothing where it sees the images
 */
public record LoopInputs(
    Operand<TUint8> images,
    Operand<TInt32> count,
    Operand<TInt32> indices,
    Operand<TFloat32> epsilon,
    Operand<TFloat32> learningRates,
    Optional<Operand<TUint8>> seen) {

  /** Placeholders for all of them. */
  static LoopInputs placeholders(Ops tf, TrainingPlan plan, int images, int steps) {
    int input = plan.shape().input();
    return new LoopInputs(
        placeholder(tf, "images", TUint8.class, images, input),
        placeholder(tf, "count", TInt32.class),
        placeholder(tf, "indices", TInt32.class, steps, plan.batchSize()),
        placeholder(
            tf, Tf1Names.EPSILON, TFloat32.class, steps, plan.batchSize(), plan.shape().latent()),
        placeholder(tf, "learning_rates", TFloat32.class, steps),
        plan.binarised()
            ? Optional.of(placeholder(tf, "seen", TUint8.class, steps, plan.batchSize(), input))
            : Optional.empty());
  }

  static <T extends TType> Placeholder<T> placeholder(
      Ops tf, String name, Class<T> type, long... shape) {
    return tf.withName(name).placeholder(type, Placeholder.shape(Shape.of(shape)));
  }

  /** The same with images from elsewhere. */
  LoopInputs withImages(Operand<TUint8> from) {
    return new LoopInputs(from, count, indices, epsilon, learningRates, seen);
  }

  /** Those of one step, from 0 in the loop; {@code count} is left. */
  Step step(Ops tf, Operand<TInt32> step) {
    var first = tf.constant(0);
    var batch = tf.gather(images, tf.gather(indices, step, first), first);
    var x = unit(tf, batch);
    return new Step(
        x,
        seen.<Operand<TFloat32>>map(
                drawn -> tf.dtypes.cast(tf.gather(drawn, step, first), TFloat32.class))
            .orElse(x),
        tf.gather(epsilon, step, first),
        tf.gather(learningRates, step, first));
  }

  /**
   * What one step takes.
   *
   * @param x the images, in [0, 1], [batch, input]
   * @param encoderInput what the encoder sees of them, [batch, input]
   * @param epsilon [batch, latent]
   * @param learningRate a scalar
   */
  record Step(
      Operand<TFloat32> x,
      Operand<TFloat32> encoderInput,
      Operand<TFloat32> epsilon,
      Operand<TFloat32> learningRate) {}

  /** All, in an order that is always the same. */
  List<Operand<? extends TType>> list() {
    List<Operand<? extends TType>> all =
        new ArrayList<>(List.of(images, count, indices, epsilon, learningRates));
    seen.ifPresent(all::add);
    return all;
  }

  private static Operand<TFloat32> unit(Ops tf, Operand<TUint8> bytes) {
    return tf.math.div(tf.dtypes.cast(bytes, TFloat32.class), tf.constant(255f));
  }
}

package vae.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import vae.config.Device;
import vae.config.Schedule;
import vae.config.Threads;
import vae.config.TrainingPlan;

/**
 * What a trainer runs. The tutorial's own ops are one; {@link TowerStep} computes the same on the
 * same variables with its work cut otherwise.
 *
 * @param x takes the images of a batch of the plan's size, in [0, 1], [batch, input]
 * @param encoderInput takes what the encoder sees of them; {@code x} itself where that is the same
 * @param epsilon takes the noise, [batch, latent]; of a {@link TowerStep} it must be fed
 * @param loss the negative ELBO before the update, a scalar, nats an image
 * @param kl the KL divergence before the update, not weighed, a scalar, nats an image
 * @param gradients of the loss, by the parameter's name and of its shape
 * @param learningRate takes the step's; nothing where it is the same at each
 * @param update of all variables
 */
public record TrainingStep(
    Operand<TFloat32> x,
    Operand<TFloat32> encoderInput,
    Operand<?> epsilon,
    Operand<TFloat32> loss,
    Operand<TFloat32> kl,
    Map<String, Output<?>> gradients,
    Optional<Operand<TFloat32>> learningRate,
    Op update) {
  /** With more, each product is too low: four were slower than two on two cores. */
  private static final int MOST_TOWERS = 2;

  /** With fewer images in a tower its products cost more than a second core gains. */
  private static final int LEAST_IMAGES = 16;

  /** The ops of the tutorial's graph. */
  public static TrainingStep tutorial(VaeGraph vae) {
    return new TrainingStep(
        vae.x(),
        vae.x(),
        vae.epsilon(),
        vae.loss(),
        VaeLoss.meanKl(Ops.create(vae.graph()).withSubScope("logging"), List.of(vae.encoding())),
        vae.gradients(),
        Optional.empty(),
        vae.trainOp());
  }

  /**
   * The quickest that we know for a device and its threads, added to the graph; what {@link
   * VaeGraph#definition} says stays the tutorial's. To be called once for a graph.
   */
  public static TrainingStep quickest(
      VaeGraph vae, TrainingPlan plan, Device device, Threads threads) {
    if (device == Device.GPU) {
      return plan.binarised() || plan.schedule() != Schedule.CONSTANT
          ? TowerStep.build(vae, plan, 1)
          : tutorial(vae);
    }
    int towers = Math.min(Math.min(threads.count(), MOST_TOWERS), plan.batchSize() / LEAST_IMAGES);
    return TowerStep.build(vae, plan, Math.max(towers, 1));
  }
}

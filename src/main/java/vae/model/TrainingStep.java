package vae.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import vae.config.Computation;
import vae.config.Device;
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
 * @param loop takes many steps a call, where that is the quicker way
 */
public record TrainingStep(
    Operand<TFloat32> x,
    Operand<TFloat32> encoderInput,
    Operand<?> epsilon,
    Operand<TFloat32> loss,
    Operand<TFloat32> kl,
    Map<String, Output<?>> gradients,
    Optional<Operand<TFloat32>> learningRate,
    Op update,
    Optional<TrainingLoop> loop) {
  /** Images in a tower: with fewer its products cost more than another core gains. */
  private static final int IMAGES_A_TOWER = 32;

  /**
   * The first step that XLA's code takes: by then it has compiled that code, while others trained.
   * A number that depends on nothing, so that a seed gives the same bytes again.
   */
  private static final int COMPILED_FROM = 2_001;

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
        vae.trainOp(),
        Optional.empty());
  }

  /**
   * The quickest that we know for a way to compute, added to the graph; what {@link
   * VaeGraph#definition} says stays the tutorial's. To be called once for a graph.
   *
   * @param images how many are trained on
   */
  public static TrainingStep quickest(
      VaeGraph vae, TrainingPlan plan, Computation computation, int images) {
    if (computation.device() == Device.GPU) {
      return looped(
          vae,
          plan,
          images,
          TrainingLoop.most(plan),
          computation.xla() ? OptionalInt.of(COMPILED_FROM) : OptionalInt.empty());
    }
    int towers =
        Math.min(
            computation.threads().count(), Math.round((float) plan.batchSize() / IMAGES_A_TOWER));
    return TowerStep.build(vae, plan, Math.max(towers, 1));
  }

  /**
   * A step in one tower, and a loop of them.
   *
   * @param images how many are trained on
   * @param most steps a call of the loop
   * @param compiledFrom the first step that XLA's code is to take; nothing where it takes none
   */
  public static TrainingStep looped(
      VaeGraph vae, TrainingPlan plan, int images, int most, OptionalInt compiledFrom) {
    TrainingStep one = TowerStep.build(vae, plan, 1);
    return new TrainingStep(
        one.x,
        one.encoderInput,
        one.epsilon,
        one.loss,
        one.kl,
        one.gradients,
        one.learningRate,
        one.update,
        Optional.of(TrainingLoop.build(vae, plan, images, most, compiledFrom)));
  }
}

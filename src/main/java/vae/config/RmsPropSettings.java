package vae.config;

import java.util.function.Function;

/**
 * The settings of RMSProp (Tieleman and Hinton, Coursera lecture 6e, 2012), as TF1's {@code
 * tf.train.RMSPropOptimizer} names them.
 *
 * @param learningRate the step size, η
 * @param decay how much of the mean square is kept at each step, ρ in [0, 1)
 * @param momentum how much of the last update is added to this one, in [0, 1)
 * @param epsilon what keeps the square root from zero
 */
public record RmsPropSettings(float learningRate, float decay, float momentum, float epsilon)
    implements OptimizerSettings {
  /** The tutorial's: TF1's defaults at a learning rate of 0.001. */
  public static final RmsPropSettings TUTORIAL = withLearningRate(0.001f);

  /** Refuses settings outside their ranges, by an IllegalArgumentException. */
  public RmsPropSettings {
    OptimizerSettings.requirePositive("learning rate", learningRate);
    OptimizerSettings.requireFraction("RMSProp's decay", decay);
    OptimizerSettings.requireFraction("RMSProp's momentum", momentum);
    OptimizerSettings.requirePositive("RMSProp's epsilon", epsilon);
  }

  @Override
  public <T> T map(Function<RmsPropSettings, T> rmsProp, Function<AdamSettings, T> adam) {
    return rmsProp.apply(this);
  }

  /** TF1's default decay 0.9, momentum 0 and epsilon 1e-10, with this learning rate. */
  public static RmsPropSettings withLearningRate(float learningRate) {
    return new RmsPropSettings(learningRate, 0.9f, 0.0f, 1e-10f);
  }
}

package vae.config;

import java.util.function.Function;

/**
 * The settings of Adam (Kingma and Ba, 2014), as TF1's {@code tf.train.AdamOptimizer} names them.
 *
 * @param learningRate the step size, η
 * @param beta1 how much of the gradient's mean is kept at each step, in [0, 1)
 * @param beta2 how much of the mean of its square is kept, in [0, 1)
 * @param epsilon what keeps the square root from zero
 */
public record AdamSettings(float learningRate, float beta1, float beta2, float epsilon)
    implements OptimizerSettings {
  /** Refuses settings outside their ranges, by an IllegalArgumentException. */
  public AdamSettings {
    OptimizerSettings.requirePositive("learning rate", learningRate);
    OptimizerSettings.requireFraction("Adam's beta1", beta1);
    OptimizerSettings.requireFraction("Adam's beta2", beta2);
    OptimizerSettings.requirePositive("Adam's epsilon", epsilon);
  }

  @Override
  public <T> T map(Function<RmsPropSettings, T> rmsProp, Function<AdamSettings, T> adam) {
    return adam.apply(this);
  }

  /** TF1's default 0.9, 0.999 and 1e-8, with this learning rate. */
  public static AdamSettings withLearningRate(float learningRate) {
    return new AdamSettings(learningRate, 0.9f, 0.999f, 1e-8f);
  }
}

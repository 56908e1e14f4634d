package vae.config;

import java.util.function.Function;

/** How gradients change the variables: one of TF1's optimizers with its settings. */
public sealed interface OptimizerSettings permits RmsPropSettings, AdamSettings {
  /** The step size η, before any {@link Schedule}. */
  float learningRate();

  /** What one of two functions makes of them: a kind more would not compile without a third. */
  <T> T map(Function<RmsPropSettings, T> rmsProp, Function<AdamSettings, T> adam);

  /** Makes sure that a number is positive and finite. */
  private static void requirePositive(String name, float value) {
    if (!(value > 0 && Float.isFinite(value))) {
      throw new IllegalArgumentException(
          "the %s must be a positive number, found %s".formatted(name, value));
    }
  }

  /** Makes sure that a number is in [0, 1). */
  private static void requireFraction(String name, float value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(
          "the %s must be in [0, 1), found %s".formatted(name, value));
    }
  }

  /** The checks that all optimizers' settings share. */
  static void require(
      String optimizer, float learningRate, float epsilon, String[] names, float... fractions) {
    requirePositive("learning rate", learningRate);
    for (int i = 0; i < fractions.length; i++) {
      requireFraction(optimizer + "'s " + names[i], fractions[i]);
    }
    requirePositive(optimizer + "'s epsilon", epsilon);
  }
}

package vae.config;

import java.util.function.Function;

/** How gradients change the variables: one of TF1's optimizers with its settings. */
public sealed interface OptimizerSettings permits RmsPropSettings, AdamSettings {
  /** The step size η, before any {@link Schedule}. */
  float learningRate();

  /** What one of two functions makes of them: a kind more would not compile without a third. */
  <T> T map(Function<RmsPropSettings, T> rmsProp, Function<AdamSettings, T> adam);

  /** Refuses a number that is not positive and finite. */
  static void requirePositive(String name, float value) {
    if (!(value > 0 && Float.isFinite(value))) {
      throw new IllegalArgumentException(
          "the %s must be a positive number, found %s".formatted(name, value));
    }
  }

  /** Refuses a number that is not in [0, 1). */
  static void requireFraction(String name, float value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(
          "the %s must be in [0, 1), found %s".formatted(name, value));
    }
  }
}

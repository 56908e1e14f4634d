package vae.model;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import vae.config.AdamSettings;
import vae.config.OptimizerSettings;
import vae.config.RmsPropSettings;
import vae.tf1.Tf1Names;

/**
 * An optimizer's update as a function: from the values of parameters and slots to the next ones.
 * {@link UpdateOps} does the same to variables, which a compiled loop can't hold.
 */
final class UpdatedValues {
  private final Ops tf;
  private final Map<String, Operand<TFloat32>> before;
  private final Map<String, Operand<TFloat32>> after;

  private UpdatedValues(Ops tf, Map<String, Operand<TFloat32>> before) {
    this.tf = tf;
    this.before = before;
    this.after = new LinkedHashMap<>(before);
  }

  /**
   * Adds the formulas.
   *
   * @param learningRate η, a scalar
   * @param before parameters and slots, by their names
   * @param gradients by the parameter's name
   * @return what follows {@code before}, in its order
   */
  static Map<String, Operand<TFloat32>> of(
      Ops tf,
      OptimizerSettings settings,
      Operand<TFloat32> learningRate,
      Map<String, Operand<TFloat32>> before,
      Map<String, Operand<TFloat32>> gradients) {
    var values = new UpdatedValues(tf, before);
    if (settings instanceof AdamSettings adam) {
      gradients.forEach((name, g) -> values.adam(adam, learningRate, name, g));
      values.powers(adam);
    } else if (settings instanceof RmsPropSettings rmsProp) {
      gradients.forEach((name, g) -> values.rmsProp(rmsProp, learningRate, name, g));
    }
    return values.after;
  }

  /** ms ← ms + (g² − ms)·(1 − ρ); mom ← μ·mom + η·g/√(ms + ε); θ ← θ − mom. */
  private void rmsProp(
      RmsPropSettings settings, Operand<TFloat32> rate, String name, Operand<TFloat32> g) {
    String meanSquare = name + Tf1Names.MEAN_SQUARE_SLOT;
    String momentum = name + Tf1Names.MOMENTUM_SLOT;
    var ms = moved(value(meanSquare), tf.math.square(g), 1 - settings.decay());
    var root = tf.math.sqrt(tf.math.add(ms, tf.constant(settings.epsilon())));
    var mom =
        tf.math.add(
            tf.math.mul(value(momentum), tf.constant(settings.momentum())),
            tf.math.div(tf.math.mul(g, rate), root));
    after.put(meanSquare, ms);
    after.put(momentum, mom);
    after.put(name, tf.math.sub(value(name), mom));
  }

  /** m ← m + (g − m)(1 − β₁); v ← v + (g² − v)(1 − β₂); θ ← θ − α·m/(√v + ε). */
  private void adam(
      AdamSettings settings, Operand<TFloat32> rate, String name, Operand<TFloat32> g) {
    var one = tf.constant(1f);
    // α = η·√(1 − β₂ᵗ)/(1 − β₁ᵗ); Kingma and Ba, 2014, end of section 2.
    var alpha =
        tf.math.div(
            tf.math.mul(rate, tf.math.sqrt(tf.math.sub(one, value(Tf1Names.BETA2_POWER)))),
            tf.math.sub(one, value(Tf1Names.BETA1_POWER)));
    String first = name + Tf1Names.FIRST_MOMENT_SLOT;
    String second = name + Tf1Names.SECOND_MOMENT_SLOT;
    var m = moved(value(first), g, 1 - settings.beta1());
    var v = moved(value(second), tf.math.square(g), 1 - settings.beta2());
    var root = tf.math.add(tf.math.sqrt(v), tf.constant(settings.epsilon()));
    after.put(first, m);
    after.put(second, v);
    after.put(name, tf.math.sub(value(name), tf.math.div(tf.math.mul(m, alpha), root)));
  }

  private void powers(AdamSettings settings) {
    after.computeIfPresent(
        Tf1Names.BETA1_POWER, (name, p) -> tf.math.mul(p, tf.constant(settings.beta1())));
    after.computeIfPresent(
        Tf1Names.BETA2_POWER, (name, p) -> tf.math.mul(p, tf.constant(settings.beta2())));
  }

  /** A share of the way from one value to another. */
  private Operand<TFloat32> moved(Operand<TFloat32> from, Operand<TFloat32> to, float share) {
    return tf.math.add(from, tf.math.mul(tf.math.sub(to, from), tf.constant(share)));
  }

  private Operand<TFloat32> value(String name) {
    return Objects.requireNonNull(before.get(name), name);
  }
}

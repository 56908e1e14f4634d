package vae.model;

import static vae.tf1.Tf1Names.BETA1_POWER;
import static vae.tf1.Tf1Names.BETA2_POWER;
import static vae.tf1.Tf1Names.FIRST_MOMENT_SLOT;
import static vae.tf1.Tf1Names.SECOND_MOMENT_SLOT;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;
import vae.config.AdamSettings;
import vae.tf1.Tf1Names;

/**
 * TF1's Adam: m ← m + (g − m)(1 − β₁); v ← v + (g² − v)(1 − β₂); θ ← θ − α·m/(√v + ε), where α =
 * η·√(1 − β₂ᵗ)/(1 − β₁ᵗ) (Kingma and Ba, 2014, end of section 2). TensorFlow-Java's lets the powers
 * βᵗ change while updates still read them.
 */
final class Adam extends Optimizer {
  private final AdamSettings settings;

  Adam(AdamSettings settings) {
    this.settings = settings;
  }

  @Override
  String trainOp() {
    return Tf1Names.ADAM_TRAIN_OP;
  }

  @Override
  List<Slot> powers() {
    return List.of(
        new Slot(BETA1_POWER, settings.beta1()), new Slot(BETA2_POWER, settings.beta2()));
  }

  @Override
  List<Slot> slots() {
    return List.of(new Slot(FIRST_MOMENT_SLOT, 0), new Slot(SECOND_MOMENT_SLOT, 0));
  }

  @Override
  Op update(
      Ops tf,
      Function<String, Variable<TFloat32>> variables,
      String parameter,
      Operand<TFloat32> rate,
      Operand<TFloat32> g) {
    return tf.train.applyAdam(
        variables.apply(parameter),
        variables.apply(parameter + FIRST_MOMENT_SLOT),
        variables.apply(parameter + SECOND_MOMENT_SLOT),
        variables.apply(BETA1_POWER),
        variables.apply(BETA2_POWER),
        rate,
        tf.constant(settings.beta1()),
        tf.constant(settings.beta2()),
        tf.constant(settings.epsilon()),
        g);
  }

  @Override
  Map<String, Operand<TFloat32>> updated(
      Ops tf,
      Function<String, Operand<TFloat32>> before,
      String parameter,
      Operand<TFloat32> rate,
      Operand<TFloat32> g) {
    var one = tf.constant(1f);
    var alpha =
        tf.math.div(
            tf.math.mul(rate, tf.math.sqrt(tf.math.sub(one, before.apply(BETA2_POWER)))),
            tf.math.sub(one, before.apply(BETA1_POWER)));
    var m = moved(tf, before.apply(parameter + FIRST_MOMENT_SLOT), g, 1 - settings.beta1());
    var v =
        moved(
            tf,
            before.apply(parameter + SECOND_MOMENT_SLOT),
            tf.math.square(g),
            1 - settings.beta2());
    var root = tf.math.add(tf.math.sqrt(v), tf.constant(settings.epsilon()));
    var theta = tf.math.sub(before.apply(parameter), tf.math.div(tf.math.mul(m, alpha), root));
    return Map.of(
        parameter + FIRST_MOMENT_SLOT, m, parameter + SECOND_MOMENT_SLOT, v, parameter, theta);
  }
}

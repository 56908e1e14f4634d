package vae.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;
import vae.config.AdamSettings;
import vae.config.OptimizerSettings;
import vae.config.RmsPropSettings;
import vae.tf1.Tf1Names;

/** Adds TensorFlow's own update ops of an optimizer to a graph, a variable at a time. */
final class UpdateOps {
  private final Ops tf;
  private final OptimizerSettings settings;
  private final Operand<TFloat32> learningRate;
  private final Map<String, Variable<TFloat32>> variables;
  private final List<Op> updates = new ArrayList<>();

  /**
   * Adds nothing yet.
   *
   * @param learningRate a scalar
   * @param variables parameters and slots, by their names
   */
  UpdateOps(
      Ops tf,
      OptimizerSettings settings,
      Operand<TFloat32> learningRate,
      Map<String, Variable<TFloat32>> variables) {
    this.tf = tf;
    this.settings = settings;
    this.learningRate = learningRate;
    this.variables = variables;
  }

  /**
   * Adds a variable's update.
   *
   * @param after the ops that it waits for
   */
  void add(String name, Output<?> gradient, List<Op> after) {
    Ops then = tf.withControlDependencies(after);
    var typed = gradient.expect(TFloat32.class);
    if (settings instanceof AdamSettings adam) {
      // θ ← θ − η·√(1 − β₂ᵗ)/(1 − β₁ᵗ) · m/(√v + ε); Kingma and Ba, 2014, end of section 2.
      updates.add(
          then.train.applyAdam(
              variable(name),
              variable(name + Tf1Names.FIRST_MOMENT_SLOT),
              variable(name + Tf1Names.SECOND_MOMENT_SLOT),
              variable(Tf1Names.BETA1_POWER),
              variable(Tf1Names.BETA2_POWER),
              learningRate,
              tf.constant(adam.beta1()),
              tf.constant(adam.beta2()),
              tf.constant(adam.epsilon()),
              typed));
    } else if (settings instanceof RmsPropSettings rmsProp) {
      updates.add(
          then.train.applyRmsProp(
              variable(name),
              variable(name + Tf1Names.MEAN_SQUARE_SLOT),
              variable(name + Tf1Names.MOMENTUM_SLOT),
              learningRate,
              tf.constant(rmsProp.decay()),
              tf.constant(rmsProp.momentum()),
              tf.constant(rmsProp.epsilon()),
              typed));
    }
  }

  /** Adds the op that makes all the updates, under TF1's name. */
  Op all() {
    if (settings instanceof AdamSettings adam) {
      Ops then = tf.withControlDependencies(updates);
      Op beta1 = multiplied(then, Tf1Names.BETA1_POWER, adam.beta1());
      Op beta2 = multiplied(then, Tf1Names.BETA2_POWER, adam.beta2());
      return noOp(Tf1Names.ADAM_TRAIN_OP, List.of(beta1, beta2));
    }
    return noOp(Tf1Names.RMSPROP_TRAIN_OP, updates);
  }

  private Op multiplied(Ops then, String power, float by) {
    Variable<TFloat32> variable = variable(power);
    return then.assign(variable, then.math.mul(variable, tf.constant(by)));
  }

  private Op noOp(String name, List<Op> after) {
    return tf.withName(name).withControlDependencies(after).noOp();
  }

  private Variable<TFloat32> variable(String name) {
    return Objects.requireNonNull(variables.get(name), name);
  }
}

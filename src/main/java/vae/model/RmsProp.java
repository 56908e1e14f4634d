package vae.model;

import static vae.tf1.Tf1Names.MEAN_SQUARE_SLOT;
import static vae.tf1.Tf1Names.MOMENTUM_SLOT;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;
import vae.config.RmsPropSettings;
import vae.tf1.Tf1Names;

/**
 * TF1's RMSProp: ms ← ms + (g² − ms)·(1 − ρ); mom ← μ·mom + η·g/√(ms + ε); θ ← θ − mom. The mean
 * squares begin at 1.
 */
final class RmsProp extends Optimizer {
  private final RmsPropSettings settings;

  RmsProp(RmsPropSettings settings) {
    this.settings = settings;
  }

  @Override
  String trainOp() {
    return Tf1Names.RMSPROP_TRAIN_OP;
  }

  @Override
  List<Slot> powers() {
    return List.of();
  }

  @Override
  List<Slot> slots() {
    return List.of(new Slot(MEAN_SQUARE_SLOT, 1), new Slot(MOMENTUM_SLOT, 0));
  }

  @Override
  Op update(
      Ops tf,
      Function<String, Variable<TFloat32>> variables,
      String parameter,
      Operand<TFloat32> rate,
      Operand<TFloat32> g) {
    return tf.train.applyRmsProp(
        variables.apply(parameter),
        variables.apply(parameter + MEAN_SQUARE_SLOT),
        variables.apply(parameter + MOMENTUM_SLOT),
        rate,
        tf.constant(settings.decay()),
        tf.constant(settings.momentum()),
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
    var ms =
        moved(
            tf,
            before.apply(parameter + MEAN_SQUARE_SLOT),
            tf.math.square(g),
            1 - settings.decay());
    var root = tf.math.sqrt(tf.math.add(ms, tf.constant(settings.epsilon())));
    var mom =
        tf.math.add(
            tf.math.mul(before.apply(parameter + MOMENTUM_SLOT), tf.constant(settings.momentum())),
            tf.math.div(tf.math.mul(g, rate), root));
    var theta = tf.math.sub(before.apply(parameter), mom);
    return Map.of(
        parameter + MEAN_SQUARE_SLOT, ms, parameter + MOMENTUM_SLOT, mom, parameter, theta);
  }
}

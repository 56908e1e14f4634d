package vae.model;

import static vae.tf1.Tf1Names.MEAN_SQUARE_SLOT;
import static vae.tf1.Tf1Names.MOMENTUM_SLOT;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.framework.optimizers.RMSProp;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TType;
import vae.config.RmsPropSettings;
import vae.tf1.Tf1Names;

/**
 * The framework's RMSProp, which computes as TF1's does: ms ← ms + (g² − ms)·(1 − ρ); mom ← μ·mom +
 * η·g/√(ms + ε); θ ← θ − mom. The mean squares begin at 1.
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
  Minimized minimize(
      Graph graph, float rate, Operand<TFloat32> loss, List<Variable<TFloat32>> trainable) {
    var framework = new Framework(graph, rate, settings);
    Op trainOp = framework.minimize(loss, trainOp());
    return new Minimized(framework.gradients, List.copyOf(framework.slots.values()), trainOp);
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

  /**
   * The framework's optimizer, with TF1's names for its slots, so that checkpoints interchange. It
   * trains every variable that the graph has by now. Like TF1's, it lets no variable change before
   * all gradients are known.
   */
  private static final class Framework extends RMSProp {
    /** Goes on the helper ops; the optimizer's own name is the training op's. */
    private static final String HELPER_NAME = "rmsprop_init";

    private final Map<String, Output<?>> gradients = new LinkedHashMap<>();
    private final Map<String, Variable<TFloat32>> slots = new LinkedHashMap<>();

    Framework(Graph graph, float rate, RmsPropSettings settings) {
      super(
          graph,
          HELPER_NAME,
          rate,
          settings.decay(),
          settings.momentum(),
          settings.epsilon(),
          false);
    }

    /** Remembers the gradients that it gives. */
    @Override
    public <T extends TType> List<GradAndVar<?>> computeGradients(Operand<?> loss) {
      List<GradAndVar<?>> computed = super.computeGradients(loss);
      computed.forEach(pair -> gradients.put(pair.getVariable().op().name(), pair.getGradient()));
      return computed;
    }

    @Override
    protected <T extends TType> void createSlot(
        Output<T> variable, String slotName, Operand<T> initializer) {
      Variable<TFloat32> slot = slotVariable(graph, nameOf(variable, slotName), variable.shape());
      tf.withInitScope().assign(slot, initializer.asOutput().expect(TFloat32.class));
      slots.put(slot.op().name(), slot);
    }

    @Override
    public <T extends TType> Optional<Variable<T>> getSlot(Output<T> variable, String slotName) {
      @SuppressWarnings("unchecked") // Every variable of this graph is of float32.
      Variable<T> slot = (Variable<T>) slots.get(nameOf(variable, slotName));
      return Optional.ofNullable(slot);
    }

    private static String nameOf(Output<?> variable, String slotName) {
      return variable.op().name() + (slotName.equals(RMS) ? MEAN_SQUARE_SLOT : MOMENTUM_SLOT);
    }
  }
}

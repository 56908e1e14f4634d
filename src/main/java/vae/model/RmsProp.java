package vae.model;

import static vae.tf1.Tf1Names.MEAN_SQUARE_SLOT;
import static vae.tf1.Tf1Names.MOMENTUM_SLOT;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.framework.optimizers.RMSProp;
import org.tensorflow.internal.types.registry.TensorTypeRegistry;
import org.tensorflow.op.Op;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TType;
import vae.config.RmsPropSettings;
import vae.tf1.Tf1Names;

/**
 * The framework's RMSProp with TF1's names for the slots, so that checkpoints interchange. Like
 * TF1's, it lets no variable change before all gradients are known: without that gate a gradient
 * may read a weight that has just been overwritten.
 */
final class RmsProp extends RMSProp {
  /** Goes on the helper ops; the optimizer's own name is the training op's. */
  private static final String HELPER_NAME = "rmsprop_init";

  private final Map<String, Output<?>> gradients = new LinkedHashMap<>();
  private final Map<String, Variable<?>> slots = new LinkedHashMap<>();

  RmsProp(Graph graph, RmsPropSettings settings) {
    super(
        graph,
        HELPER_NAME,
        settings.learningRate(),
        settings.decay(),
        settings.momentum(),
        settings.epsilon(),
        false);
  }

  /**
   * Adds gradients, slots and updates. It trains every variable that the graph has by now; call it
   * once.
   */
  @Override
  public Op minimize(Operand<?> loss) {
    return minimize(loss, Tf1Names.RMSPROP_TRAIN_OP);
  }

  /** Remembers the gradients that it gives. */
  @Override
  public <T extends TType> List<GradAndVar<?>> computeGradients(Operand<?> loss) {
    List<GradAndVar<?>> computed = super.computeGradients(loss);
    computed.forEach(pair -> gradients.put(pair.getVariable().op().name(), pair.getGradient()));
    return computed;
  }

  /** The gradients of the loss by the variable's name, once there are any. */
  Map<String, Output<?>> gradients() {
    return gradients;
  }

  /** The slots, in the order in which TF1 makes them: a variable's mean square, its momentum. */
  List<Variable<TFloat32>> slots() {
    List<Variable<TFloat32>> typed = new ArrayList<>();
    slots.values().forEach(slot -> typed.add(asFloat(slot)));
    return typed;
  }

  @Override
  protected <T extends TType> void createSlot(
      Output<T> variable, String slotName, Operand<T> initializer) {
    String name = nameOf(variable, slotName);
    // An op builder, because Ops.withName refuses the slash of TF1's name.
    Variable<T> slot =
        new Variable<>(
            graph
                .opBuilder(Variable.OP_NAME, name, graph.baseScope())
                .setAttr("dtype", TensorTypeRegistry.find(variable.type()).dataType())
                .setAttr("shape", variable.shape())
                .build());
    tf.withInitScope().assign(slot, initializer);
    slots.put(name, slot);
  }

  @Override
  public <T extends TType> Optional<Variable<T>> getSlot(Output<T> variable, String slotName) {
    @SuppressWarnings("unchecked") // A slot has its variable's type: createSlot saw to it.
    Variable<T> slot = (Variable<T>) slots.get(nameOf(variable, slotName));
    return Optional.ofNullable(slot);
  }

  private static String nameOf(Output<?> variable, String slotName) {
    return variable.op().name() + (slotName.equals(RMS) ? MEAN_SQUARE_SLOT : MOMENTUM_SLOT);
  }

  @SuppressWarnings("unchecked") // Every variable of this graph is of float32.
  private static Variable<TFloat32> asFloat(Variable<?> slot) {
    return (Variable<TFloat32>) slot;
  }
}

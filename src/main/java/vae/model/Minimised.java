package vae.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Variable;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TFloat32;
import vae.config.AdamSettings;
import vae.config.OptimizerSettings;
import vae.config.RmsPropSettings;
import vae.tf1.Tf1Names;

/**
 * What TF1's {@code optimizer.minimize(loss)} adds to a graph.
 *
 * @param gradients of the loss, by the parameter's name and of its shape
 * @param slots the optimizer's own variables, in the order in which TF1 makes them
 * @param trainOp one update of all variables
 */
record Minimised(Map<String, Output<?>> gradients, List<Variable<TFloat32>> slots, Op trainOp) {

  /**
   * Adds gradients, slots and updates, once, to a graph that has no variables but these.
   *
   * @param trainable what is to be trained
   */
  static Minimised by(
      Graph graph,
      OptimizerSettings settings,
      Operand<TFloat32> loss,
      List<Variable<TFloat32>> trainable) {
    if (settings instanceof AdamSettings adam) {
      return byAdam(graph, adam, loss, trainable);
    }
    var optimizer = new RmsProp(graph, (RmsPropSettings) settings);
    Op trainOp = optimizer.minimize(loss);
    return new Minimised(optimizer.gradients(), optimizer.slots(), trainOp);
  }

  /**
   * TF1's Adam. The framework's lets the powers of its decay rates change while updates still read
   * them; here, as in TF1, no variable changes before all gradients are known, and no power before
   * all variables have changed.
   */
  private static Minimised byAdam(
      Graph graph,
      AdamSettings settings,
      Operand<TFloat32> loss,
      List<Variable<TFloat32>> trainable) {
    Ops tf = Ops.create(graph);
    Output<?>[] computed =
        graph.addGradients(
            loss.asOutput(), trainable.stream().map(Variable::asOutput).toArray(Output<?>[]::new));
    Map<String, Output<?>> gradients = new LinkedHashMap<>();
    for (int i = 0; i < computed.length; i++) {
      gradients.put(trainable.get(i).op().name(), computed[i]);
    }

    Map<String, Variable<TFloat32>> all = new LinkedHashMap<>();
    slot(graph, all, Tf1Names.BETA1_POWER, Shape.scalar(), settings.beta1());
    slot(graph, all, Tf1Names.BETA2_POWER, Shape.scalar(), settings.beta2());
    for (Variable<TFloat32> variable : trainable) {
      String name = variable.op().name();
      slot(graph, all, name + Tf1Names.FIRST_MOMENT_SLOT, variable.shape(), 0);
      slot(graph, all, name + Tf1Names.SECOND_MOMENT_SLOT, variable.shape(), 0);
    }
    List<Variable<TFloat32>> slots = List.copyOf(all.values());
    trainable.forEach(variable -> all.put(variable.op().name(), variable));

    List<Op> known = new ArrayList<>();
    known.addAll(gradients.values());
    var update = new UpdateOps(tf, settings, tf.constant(settings.learningRate()), all);
    gradients.forEach((name, gradient) -> update.add(name, gradient, known));
    return new Minimised(gradients, slots, update.all());
  }

  /** Adds a variable, by an op builder, because {@code Ops.withName} refuses TF1's slash. */
  private static void slot(
      Graph graph, Map<String, Variable<TFloat32>> all, String name, Shape shape, float value) {
    Ops tf = Ops.create(graph).withInitScope();
    Variable<TFloat32> slot =
        new Variable<>(
            graph
                .opBuilder(Variable.OP_NAME, name, graph.baseScope())
                .setAttr("dtype", DataType.DT_FLOAT)
                .setAttr("shape", shape)
                .build());
    tf.assign(slot, tf.fill(tf.constant(shape), tf.constant(value)));
    all.put(name, slot);
  }
}

package vae.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Variable;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TFloat32;
import vae.config.OptimizerSettings;

/**
 * One of TF1's optimizers. Its formula stands twice: as TensorFlow's own op, which changes
 * variables, and as a function of values, for a compiled loop, which can't hold variables.
 */
abstract sealed class Optimizer permits RmsProp, Adam {
  /** A variable of the optimizer's own, and its first value. */
  record Slot(String name, float value) {}

  /**
   * What TF1's {@code optimizer.minimize(loss)} adds to a graph.
   *
   * @param gradients of the loss, by the parameter's name and of its shape
   * @param slots the optimizer's own variables, in the order in which TF1 makes them
   * @param trainOp one update of all variables
   */
  record Minimized(Map<String, Output<?>> gradients, List<Variable<TFloat32>> slots, Op trainOp) {}

  static Optimizer of(OptimizerSettings settings) {
    return settings.map(RmsProp::new, Adam::new);
  }

  /** TF1's name for the op that updates all. */
  abstract String trainOp();

  /** Scalars that are multiplied by their first value at the end of each step. */
  abstract List<Slot> powers();

  /** What is kept of each parameter, of its shape; a name follows the parameter's. */
  abstract List<Slot> slots();

  /**
   * Adds TensorFlow's op that updates a parameter and its slots.
   *
   * @param variables parameters, slots and powers, by their names
   * @param rate η, a scalar
   * @param g the gradient
   */
  abstract Op update(
      Ops tf,
      Function<String, Variable<TFloat32>> variables,
      String parameter,
      Operand<TFloat32> rate,
      Operand<TFloat32> g);

  /** The same as a function: the next values of a parameter and its slots, by their names. */
  abstract Map<String, Operand<TFloat32>> updated(
      Ops tf,
      Function<String, Operand<TFloat32>> before,
      String parameter,
      Operand<TFloat32> rate,
      Operand<TFloat32> g);

  /**
   * Adds gradients, slots and updates, once. No variable changes before all gradients are known:
   * without that gate a gradient may read a weight that has just been overwritten.
   */
  Minimized minimize(
      Graph graph, float rate, Operand<TFloat32> loss, List<Variable<TFloat32>> trainable) {
    Ops tf = Ops.create(graph);
    Map<String, Variable<TFloat32>> all = new LinkedHashMap<>();
    trainable.forEach(variable -> all.put(variable.op().name(), variable));
    Map<String, Output<?>> gradients = gradients(graph, loss, all);

    List<Variable<TFloat32>> slots = new ArrayList<>();
    powers().forEach(slot -> slots.add(variable(graph, slot.name, Shape.scalar(), slot.value)));
    for (Variable<TFloat32> variable : trainable) {
      String name = variable.op().name();
      slots()
          .forEach(
              slot -> slots.add(variable(graph, name + slot.name, variable.shape(), slot.value)));
    }
    slots.forEach(slot -> all.put(slot.op().name(), slot));

    List<Op> known = List.copyOf(gradients.values());
    Op trainOp = trainOp(tf, tf.constant(rate), all, gradients, name -> known);
    return new Minimized(gradients, slots, trainOp);
  }

  /** The gradients of a loss by some operands, by their names. */
  static Map<String, Output<?>> gradients(
      Graph graph, Operand<TFloat32> loss, Map<String, ? extends Operand<TFloat32>> by) {
    Output<?>[] computed =
        graph.addGradients(
            loss.asOutput(), by.values().stream().map(Operand::asOutput).toArray(Output<?>[]::new));
    Map<String, Output<?>> gradients = new LinkedHashMap<>();
    for (String name : by.keySet()) {
      gradients.put(name, computed[gradients.size()]);
    }
    return gradients;
  }

  /** Adds a variable, by an op builder, because {@code Ops.withName} refuses TF1's slash. */
  static Variable<TFloat32> slotVariable(Graph graph, String name, Shape shape) {
    return new Variable<>(
        graph
            .opBuilder(Variable.OP_NAME, name, graph.baseScope())
            .setAttr("dtype", DataType.DT_FLOAT)
            .setAttr("shape", shape)
            .build());
  }

  private static Variable<TFloat32> variable(Graph graph, String name, Shape shape, float value) {
    Ops tf = Ops.create(graph).withInitScope();
    Variable<TFloat32> variable = slotVariable(graph, name, shape);
    tf.assign(variable, tf.fill(tf.constant(shape), tf.constant(value)));
    return variable;
  }

  /**
   * Adds the op that updates all variables, under TF1's name. No power changes before all
   * parameters have: their updates read it.
   *
   * @param variables parameters, slots and powers, by their names
   * @param gradients by the parameter's name
   * @param after the ops that a parameter's update waits for
   */
  Op trainOp(
      Ops tf,
      Operand<TFloat32> rate,
      Map<String, Variable<TFloat32>> variables,
      Map<String, Output<?>> gradients,
      Function<String, List<Op>> after) {
    Function<String, Variable<TFloat32>> byName = lookup(variables);
    List<Op> updates = new ArrayList<>();
    gradients.forEach(
        (name, gradient) -> {
          Ops then = tf.withControlDependencies(after.apply(name));
          updates.add(update(then, byName, name, rate, gradient.expect(TFloat32.class)));
        });
    Ops then = tf.withControlDependencies(updates);
    for (Slot power : powers()) {
      Variable<TFloat32> variable = byName.apply(power.name);
      updates.add(then.assign(variable, then.math.mul(variable, tf.constant(power.value))));
    }
    return tf.withName(trainOp()).withControlDependencies(updates).noOp();
  }

  /**
   * Adds one step as a function.
   *
   * @param before parameters, slots and powers, by their names
   * @param gradients by the parameter's name
   * @return what follows {@code before}, in its order
   */
  Map<String, Operand<TFloat32>> updated(
      Ops tf,
      Operand<TFloat32> rate,
      Map<String, Operand<TFloat32>> before,
      Map<String, Output<?>> gradients) {
    Map<String, Operand<TFloat32>> after = new LinkedHashMap<>(before);
    gradients.forEach(
        (name, g) ->
            after.putAll(updated(tf, lookup(before), name, rate, g.expect(TFloat32.class))));
    for (Slot power : powers()) {
      after.computeIfPresent(
          power.name, (name, value) -> tf.math.mul(value, tf.constant(power.value)));
    }
    return after;
  }

  /** A share of the way from one value to another. */
  static Operand<TFloat32> moved(
      Ops tf, Operand<TFloat32> from, Operand<TFloat32> to, float share) {
    return tf.math.add(from, tf.math.mul(tf.math.sub(to, from), tf.constant(share)));
  }

  private static <T> Function<String, T> lookup(Map<String, T> byName) {
    return name -> Objects.requireNonNull(byName.get(name), name);
  }
}

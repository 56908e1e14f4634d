package vae.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TType;
import vae.config.TrainingPlan;
import vae.tf1.Tf1Names;

/**
 * N steps of a training as a function of the variables' values: {@code while (step < N)}, whose
 * body does what {@link VaeGraph}'s training op does. It takes {@link LoopInputs} and the values,
 * and gives the loss of each step, [N], and the next values.
 */
final class LoopFunction {
  private final TrainingPlan plan;
  private final int images;
  private final int steps;
  private final Map<String, Shape> variables = new LinkedHashMap<>();
  private final List<String> trainable;

  /** For a graph's variables, and so many images and steps a call. */
  LoopFunction(VaeGraph vae, TrainingPlan plan, int images, int steps) {
    this.plan = plan;
    this.images = images;
    this.steps = steps;
    vae.variables().forEach(each -> variables.put(each.op().name(), each.shape()));
    this.trainable = vae.trainable().stream().map(each -> each.op().name()).toList();
  }

  /**
   * The function and those that it calls; it is the first.
   *
   * @param counted whether it takes as many steps as it is told, and not always all N: a compiler
   *     makes quicker code where it knows the number
   */
  List<FunctionDef> define(boolean counted) {
    try (var body = ConcreteFunction.create((Ops tf) -> body(tf));
        var condition = ConcreteFunction.create((Ops tf) -> condition(tf, counted));
        var loop = ConcreteFunction.create((Ops tf) -> loop(tf, condition, body))) {
      return List.of(loop.getFunctionDef(), condition.getFunctionDef(), body.getFunctionDef());
    }
  }

  /** What goes round: the step, the losses so far, and what the function takes. */
  private record State(
      Operand<TInt32> step,
      Operand<TFloat32> losses,
      LoopInputs inputs,
      Map<String, Operand<TFloat32>> values) {
    List<Operand<? extends TType>> list() {
      List<Operand<? extends TType>> all = new ArrayList<>(List.of(step, losses));
      all.addAll(inputs.list());
      all.addAll(values.values());
      return all;
    }

    Operand<TFloat32> value(String variable) {
      return Objects.requireNonNull(values.get(variable), variable);
    }
  }

  private State state(Ops tf) {
    return new State(
        LoopInputs.placeholder(tf, "step", TInt32.class),
        LoopInputs.placeholder(tf, "losses", TFloat32.class, steps),
        LoopInputs.placeholders(tf, plan, images, steps),
        values(tf));
  }

  private Map<String, Operand<TFloat32>> values(Ops tf) {
    Map<String, Operand<TFloat32>> values = new LinkedHashMap<>();
    variables.forEach(
        (name, shape) ->
            values.put(name, tf.placeholder(TFloat32.class, Placeholder.shape(shape))));
    return values;
  }

  private Signature loop(Ops tf, ConcreteFunction condition, ConcreteFunction body) {
    var inputs = LoopInputs.placeholders(tf, plan, images, steps);
    var values = values(tf);
    var none = tf.fill(tf.constant(new int[] {steps}), tf.constant(0f));
    var first = new State(tf.constant(0), none, inputs, values);
    List<Operand<?>> state = new ArrayList<>(first.list());
    List<Output<?>> last = new ArrayList<>();
    tf.statelessWhile(state, condition, body).output().forEach(last::add);

    List<Operand<? extends TType>> takes = new ArrayList<>(inputs.list());
    takes.addAll(values.values());
    List<Operand<? extends TType>> gives = new ArrayList<>();
    gives.add(last.get(1));
    last.subList(last.size() - values.size(), last.size()).forEach(gives::add);
    return signature("training_loop", takes, gives);
  }

  private Signature condition(Ops tf, boolean counted) {
    var state = state(tf);
    var end = counted ? state.inputs.count() : tf.constant(steps);
    return signature("training_goes_on", state.list(), List.of(tf.math.less(state.step, end)));
  }

  private Signature body(Ops tf) {
    var before = state(tf);
    var in = before.inputs.step(tf, before.step);
    var parameters = new VaeParameters(trainable.stream().map(before::value).toList());
    var layers = new DenseLayers(tf, parameters);

    var encoding = Encoder.encode(tf, layers, in.encoderInput());
    var z = Sampler.sample(tf, encoding, in.epsilon());
    var recon = Decoder.decode(tf, layers, z, Tf1Names.RECON);
    var loss = VaeLoss.vaeLoss(tf, plan.objective(), recon, in.x(), encoding);
    Map<String, Operand<TFloat32>> trained = new LinkedHashMap<>();
    trainable.forEach(name -> trained.put(name, before.value(name)));
    var gradients = Optimizer.gradients((Graph) tf.scope().env(), loss, trained);
    var values =
        Optimizer.of(plan.optimizer()).updated(tf, in.learningRate(), before.values, gradients);

    var at = tf.reshape(before.step, tf.constant(new int[] {1, 1}));
    var losses =
        tf.tensorScatterNdUpdate(before.losses, at, tf.reshape(loss, tf.constant(new int[] {1})));
    var next = tf.math.add(before.step, tf.constant(1));
    return signature(
        "training_step", before.list(), new State(next, losses, before.inputs, values).list());
  }

  /** The order of its tensors is theirs in a function. */
  private static Signature signature(
      String name, List<Operand<? extends TType>> takes, List<Operand<? extends TType>> gives) {
    var signature = Signature.builder().key(name);
    for (int i = 0; i < takes.size(); i++) {
      signature.input("in_%03d".formatted(i), takes.get(i));
    }
    for (int i = 0; i < gives.size(); i++) {
      signature.output("out_%03d".formatted(i), gives.get(i));
    }
    return signature.build();
  }
}

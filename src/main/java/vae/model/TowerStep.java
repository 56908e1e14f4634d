package vae.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Variable;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.TFloat32;
import vae.config.NetworkShape;
import vae.config.OptimizerSettings;
import vae.config.Schedule;
import vae.config.TrainingPlan;
import vae.model.DenseLayers.Dense;
import vae.tf1.Tf1Names;

/**
 * The tutorial's training step with its work cut for several cores. The batch is split into towers
 * that share the variables; autodiff gives δ, the gradient of the loss by each layer's
 * pre-activation, tower by tower; and each parameter's gradient is one product over the whole
 * batch, inputᵀ · δ for weights, Σ δ for biases. Were it summed from the towers' own, each would be
 * a product half as high, and all would pass through memory once more.
 *
 * <p>An update waits for the ops that read its variable, and for no others.
 *
 * <p>With one tower and without oneDNN every number is the tutorial's to the bit. With more, a
 * product of fewer rows may add in another order: see docs/decisions/0012-training-step.md.
 */
final class TowerStep {
  /** Keeps the names apart from the tutorial's. */
  private static final String SCOPE = "training";

  private static final String ENCODER_INPUT = "encoder_input";
  private static final String LEARNING_RATE = "learning_rate";

  private final Graph graph;
  private final Ops tf;
  private final Map<String, Variable<TFloat32>> variables;

  private TowerStep(VaeGraph vae) {
    this.graph = vae.graph();
    this.tf = Ops.create(graph).withSubScope(SCOPE);
    this.variables =
        vae.variables().stream()
            .collect(Collectors.toMap(variable -> variable.op().name(), Function.identity()));
  }

  /** Adds the step to a graph, once. */
  static TrainingStep build(VaeGraph vae, TrainingPlan plan, int towers) {
    return new TowerStep(vae).build(new VaeParameters(vae.trainable()), plan, towers);
  }

  private TrainingStep build(VaeParameters parameters, TrainingPlan plan, int towers) {
    NetworkShape shape = plan.shape();
    var x = placeholder(Tf1Names.X, plan.batchSize(), shape.input());
    var encoderInput =
        plan.binarised() ? placeholder(ENCODER_INPUT, plan.batchSize(), shape.input()) : x;
    var epsilon = placeholder(Tf1Names.EPSILON, plan.batchSize(), shape.latent());

    List<Operand<TFloat32>> losses = new ArrayList<>();
    List<Encoding> encodings = new ArrayList<>();
    List<List<Dense>> layers = new ArrayList<>();
    for (int tower = 0; tower < towers; tower++) {
      var dense = new DenseLayers(tf, parameters);
      var images = part(x, tower, towers);
      var seen = plan.binarised() ? part(encoderInput, tower, towers) : images;
      var encoding = Encoder.encode(tf, dense, seen);
      var z = Sampler.sample(tf, encoding, part(epsilon, tower, towers));
      var recon = Decoder.decode(tf, dense, z, Tf1Names.RECON);
      encodings.add(encoding);
      losses.add(VaeLoss.perImage(tf, plan.objective(), recon, images, encoding));
      layers.add(dense.built());
    }
    var loss = VaeLoss.mean(tf, whole(losses));

    var kl = VaeLoss.meanKl(tf, encodings);
    Map<String, Output<?>> gradients = gradients(encoderInput, loss, layers);
    Optional<Operand<TFloat32>> learningRate =
        plan.schedule() == Schedule.CONSTANT
            ? Optional.empty()
            : Optional.of(placeholder(LEARNING_RATE));
    Op update = update(gradients, plan.optimizer(), learningRate);
    return new TrainingStep(
        x, encoderInput, epsilon, loss, kl, gradients, learningRate, update, Optional.empty());
  }

  /** By the name of the parameter. */
  private Map<String, Output<?>> gradients(
      Operand<TFloat32> encoderInput, Operand<TFloat32> loss, List<List<Dense>> layers) {
    Output<?>[] preActivations =
        layers.stream()
            .flatMap(List::stream)
            .map(layer -> layer.preActivation().asOutput())
            .toArray(Output<?>[]::new);
    Output<?>[] deltas =
        graph.addGradients(
            SCOPE + "/gradients", new Output<?>[] {loss.asOutput()}, preActivations, null);

    Map<String, Output<?>> gradients = new LinkedHashMap<>();
    // The whole batch's input, by the first tower's: the encoder's is whole already, and two layers
    // share h.
    Map<Operand<TFloat32>, Operand<TFloat32>> inputs = new LinkedHashMap<>();
    inputs.put(layers.get(0).get(0).input(), encoderInput);
    int count = layers.get(0).size();
    for (int layer = 0; layer < count; layer++) {
      List<Operand<TFloat32>> input = new ArrayList<>();
      List<Operand<TFloat32>> delta = new ArrayList<>();
      for (int tower = 0; tower < layers.size(); tower++) {
        input.add(layers.get(tower).get(layer).input());
        delta.add(deltas[tower * count + layer].expect(TFloat32.class));
      }
      Dense dense = layers.get(0).get(layer);
      var wholeInput = inputs.computeIfAbsent(dense.input(), first -> whole(input));
      var wholeDelta = whole(delta);
      var byWeights = tf.linalg.matMul(wholeInput, wholeDelta, MatMul.transposeA(true));
      var byBiases = tf.reduceSum(wholeDelta, tf.constant(0));
      gradients.put(dense.weights().op().name(), byWeights.asOutput());
      gradients.put(dense.biases().op().name(), byBiases.asOutput());
    }
    return gradients;
  }

  private Op update(
      Map<String, Output<?>> gradients,
      OptimizerSettings settings,
      Optional<Operand<TFloat32>> learningRate) {
    Map<String, List<Op>> readers = readers();
    return Optimizer.of(settings)
        .trainOp(
            tf,
            learningRate.orElseGet(() -> tf.constant(settings.learningRate())),
            variables,
            gradients,
            name -> Objects.requireNonNull(readers.get(name), name));
  }

  /** The ops of this step that read each variable, by its name. */
  private Map<String, List<Op>> readers() {
    Map<String, List<Op>> readers = new LinkedHashMap<>();
    graph
        .operations()
        .forEachRemaining(
            op -> {
              if (op.name().startsWith(SCOPE + "/")) {
                inputs(op)
                    .filter(variables::containsKey)
                    .forEach(
                        name ->
                            readers.computeIfAbsent(name, n -> new ArrayList<>()).add(() -> op));
              }
            });
    return readers;
  }

  private static Stream<String> inputs(GraphOperation op) {
    return IntStream.range(0, op.numInputs()).mapToObj(i -> op.input(i).op().name());
  }

  private Operand<TFloat32> placeholder(String name, long... shape) {
    return LoopInputs.placeholder(tf, name, TFloat32.class, shape);
  }

  /** A tower's rows of a batch. */
  private Operand<TFloat32> part(Operand<TFloat32> batch, int tower, int towers) {
    if (towers == 1) {
      return batch;
    }
    int rows = Math.toIntExact(batch.shape().get(0));
    int columns = Math.toIntExact(batch.shape().get(1));
    int first = rows * tower / towers;
    int after = rows * (tower + 1) / towers;
    return tf.slice(
        batch, tf.constant(new int[] {first, 0}), tf.constant(new int[] {after - first, columns}));
  }

  /** The towers' rows, one tower after another. */
  private Operand<TFloat32> whole(List<Operand<TFloat32>> parts) {
    return parts.size() == 1 ? parts.get(0) : tf.concat(parts, tf.constant(0));
  }
}

package vae.model;

import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;
import vae.config.AdamSettings;
import vae.config.Seed;

/**
 * The graph that trains a {@link Perceptron}: cross-entropy, by Adam.
 *
 * @param x images, [batch, inputs]
 * @param target one-hot, [batch, classes]
 * @param trainOp one update
 * @param parameters W₁, b₁, W₂, b₂
 */
public record PerceptronGraph(
    Placeholder<TFloat32> x,
    Placeholder<TFloat32> target,
    Op trainOp,
    List<Variable<TFloat32>> parameters) {
  private static final float LEARNING_RATE = 0.001f;

  /** Adds it to an empty graph. */
  public static PerceptronGraph build(Graph graph, int inputs, int units, int classes, Seed seed) {
    Ops tf = Ops.create(graph);
    var glorot = new GlorotInit(tf, seed);
    var x = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(Shape.UNKNOWN_SIZE, inputs)));
    var target =
        tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(Shape.UNKNOWN_SIZE, classes)));
    var hiddenWeights = variable(tf, glorot.values(inputs, units), inputs, units);
    var hiddenBiases = variable(tf, tf.zeros(tf.array(units), TFloat32.class), units);
    var weights = variable(tf, glorot.values(units, classes), units, classes);
    var biases = variable(tf, tf.zeros(tf.array(classes), TFloat32.class), classes);
    var hidden = tf.nn.relu(tf.math.add(tf.linalg.matMul(x, hiddenWeights), hiddenBiases));
    var logits = tf.math.add(tf.linalg.matMul(hidden, weights), biases);
    var loss =
        tf.math.mean(tf.nn.softmaxCrossEntropyWithLogits(logits, target).loss(), tf.constant(0));
    var parameters = List.of(hiddenWeights, hiddenBiases, weights, biases);
    var adam = new Adam(AdamSettings.withLearningRate(LEARNING_RATE));
    Op trainOp = adam.minimize(graph, LEARNING_RATE, loss, parameters).trainOp();
    return new PerceptronGraph(x, target, trainOp, parameters);
  }

  private static Variable<TFloat32> variable(Ops tf, Operand<TFloat32> initial, long... shape) {
    Variable<TFloat32> variable = tf.variable(Shape.of(shape), TFloat32.class);
    tf.withInitScope().assign(variable, initial);
    return variable;
  }
}

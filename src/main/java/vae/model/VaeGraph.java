package vae.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.proto.CollectionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.types.TFloat32;
import vae.config.NetworkShape;
import vae.config.TrainingPlan;
import vae.tf1.GraphCollections;
import vae.tf1.GraphVariable;
import vae.tf1.Tf1Names;
import vae.tf1.V2Saver;

/**
 * The tutorial's whole graph: model, loss, training step, generator and saver.
 *
 * @param graph what holds the ops; its owner closes it
 * @param definition the tutorial's graph, which is what is saved: {@code graph} may get other ops
 * @param x the placeholder of images, in [0, 1], [batch, input]
 * @param encoding the posterior of {@code x}
 * @param epsilon the sampler's noise, [batch, latent]; drawn anew at each run unless it is fed
 * @param recon x̂, the images decoded from one draw of the posterior, in [0, 1], [batch, input]
 * @param loss the negative ELBO of {@code x}, a scalar, nats an image
 * @param gradients of the loss, by the parameter's name and of its shape
 * @param trainOp one update of all variables
 * @param generator the decoder alone
 * @param trainable the ten parameters, in TF1's order
 * @param variables the parameters, then the optimizer's slots: all that a checkpoint holds
 */
public record VaeGraph(
    Graph graph,
    GraphDef definition,
    Operand<TFloat32> x,
    Encoding encoding,
    Operand<?> epsilon,
    Operand<TFloat32> recon,
    Operand<TFloat32> loss,
    Map<String, Output<?>> gradients,
    Op trainOp,
    GeneratorGraph generator,
    List<Variable<TFloat32>> trainable,
    List<Variable<TFloat32>> variables) {

  /** Builds what a plan asks for, in an empty graph; the seed gives the initial values. */
  public static VaeGraph build(Graph graph, TrainingPlan plan) {
    NetworkShape shape = plan.shape();
    var tf = Ops.create(graph);
    var x =
        tf.withName(Tf1Names.X)
            .placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, shape.input())));

    var trainable = VaeParameters.variables(tf, shape, plan.seed());
    var layers = new DenseLayers(tf, new VaeParameters(trainable));

    var encoding = Encoder.encode(tf, layers, x);
    var z = Sampler.sample(tf, encoding);
    var recon = Decoder.decode(tf, layers, z, Tf1Names.RECON);
    var loss = VaeLoss.vaeLoss(tf, plan.objective(), recon, x, encoding);

    var minimized =
        Optimizer.of(plan.optimizer())
            .minimize(graph, plan.optimizer().learningRate(), loss, trainable);

    var generator = GeneratorGraph.build(tf, layers, shape);

    var variables = new ArrayList<>(trainable);
    variables.addAll(minimized.slots());
    V2Saver.build(tf, variables.stream().map(VaeGraph::graphVariable).toList());

    return new VaeGraph(
        graph,
        graph.toGraphDef(),
        x,
        encoding,
        graph.outputOrThrow(Tf1Names.EPSILON),
        recon.image(),
        loss,
        minimized.gradients(),
        minimized.trainOp(),
        generator,
        trainable,
        variables);
  }

  /** What the tutorial finds again after restoring: {@code tf.get_collection}. */
  public Map<String, CollectionDef> collections() {
    List<String> all = names(variables);
    List<String> trained = names(trainable);
    return Map.of(
        Tf1Names.TRAINABLE_VARIABLES,
        GraphCollections.ofVariables(graph, trained, trained),
        Tf1Names.GLOBAL_VARIABLES,
        GraphCollections.ofVariables(graph, all, trained),
        Tf1Names.RECON_COLLECTION,
        GraphCollections.ofNodes(Tf1Names.tensor(Tf1Names.RECON)),
        Tf1Names.TRAIN_OP_COLLECTION,
        GraphCollections.ofNodes(trainOp.op().name()));
  }

  private static GraphVariable graphVariable(Variable<TFloat32> variable) {
    return new GraphVariable((GraphOperation) variable.op());
  }

  private static List<String> names(List<Variable<TFloat32>> variables) {
    return variables.stream().map(variable -> variable.op().name()).toList();
  }
}

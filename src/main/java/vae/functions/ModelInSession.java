package vae.functions;

import java.nio.file.Path;
import java.util.Optional;
import org.tensorflow.Session;
import org.tensorflow.TensorFlow;
import org.tensorflow.proto.MetaGraphDef;
import vae.model.VaeGraph;
import vae.tf1.V2Saver;

/**
 * A graph whose variables a session holds: all that {@code SavedModelWriter} and {@code Tf1Export}
 * need, be it trained here or loaded.
 *
 * @param session of a graph that has at least the ops of {@code metaGraph}; its owner closes it
 * @param metaGraph the graph as it is to be saved, its saver, collections and signatures
 */
public record ModelInSession(Session session, MetaGraphDef metaGraph) {

  /** What errors name in place of a folder. */
  private static final Path NOWHERE = Path.of("the model in training");

  /** A graph of ours with its variables' present values. */
  public static ModelInSession of(VaeGraph vae, Session session) {
    MetaGraphDef.Builder metaGraph =
        MetaGraphDef.newBuilder()
            .setGraphDef(vae.definition())
            .setSaverDef(V2Saver.saverDef())
            .putAllCollectionDef(vae.collections())
            .putAllSignatureDef(VaeFunction.signatures(vae));
    metaGraph.getMetaInfoDefBuilder().setTensorflowVersion(TensorFlow.version());
    return new ModelInSession(session, metaGraph.build());
  }

  /** What it does as a VAE, a batch at a time. */
  public VaeFunctions vae() {
    return new VaeFunctions(
        new ModelFunctions(NOWHERE, session, metaGraph, Integer.MAX_VALUE), Optional.empty());
  }
}

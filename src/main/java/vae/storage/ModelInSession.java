package vae.storage;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.tensorflow.Session;
import org.tensorflow.Signature;
import org.tensorflow.TensorFlow;
import org.tensorflow.proto.MetaGraphDef;
import vae.model.VaeGraph;
import vae.storage.LoadedModel.Posterior;
import vae.tf1.V2Saver;

/**
 * A graph whose variables a session holds: all that {@link SavedModelWriter} and {@link Tf1Export}
 * need, be it trained here or loaded.
 *
 * @param session of a graph that has at least the ops of {@code metaGraph}; its owner closes it
 * @param metaGraph the graph as it is to be saved, its saver and its collections
 * @param signatures the functions that it offers
 */
public record ModelInSession(
    Session session, MetaGraphDef metaGraph, Collection<Signature> signatures) {

  /** A graph of ours with its variables' present values. */
  public static ModelInSession of(VaeGraph vae, Session session) {
    MetaGraphDef.Builder metaGraph =
        MetaGraphDef.newBuilder()
            .setGraphDef(vae.definition())
            .setSaverDef(V2Saver.saverDef())
            .putAllCollectionDef(vae.collections());
    metaGraph.getMetaInfoDefBuilder().setTensorflowVersion(TensorFlow.version());
    return new ModelInSession(session, metaGraph.build(), List.copyOf(VaeFunction.signatures(vae)));
  }

  /**
   * Encodes images.
   *
   * @param images x in [0, 1], [batch][input]
   * @throws ModelException if TensorFlow can't compute it
   */
  public Posterior encode(float[][] images) throws ModelException {
    Path nowhere = Path.of("the model in training");
    Signature signature = VaeFunction.ENCODE.in(signaturesByKey(), nowhere);
    float[][][] posterior =
        BatchFunction.of(nowhere, session, VaeFunction.ENCODE, signature, false).call(images);
    return new Posterior(posterior[0], posterior[1]);
  }

  Map<String, Signature> signaturesByKey() {
    return signatures.stream().collect(Collectors.toMap(Signature::key, Function.identity()));
  }

  /** The same session with another meta graph. */
  ModelInSession with(MetaGraphDef other) {
    return new ModelInSession(session, other, signatures);
  }
}

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

  /** What errors name in place of a folder. */
  private static final Path NOWHERE = Path.of("the model in training");

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
    float[][][] posterior = function(VaeFunction.ENCODE).call(images);
    return new Posterior(posterior[0], posterior[1]);
  }

  /**
   * Decodes noise.
   *
   * @param noise z, [batch][latent]
   * @return x̂ in [0, 1], [batch][input]
   * @throws ModelException if TensorFlow can't compute it
   */
  public float[][] generate(float[][] noise) throws ModelException {
    return function(VaeFunction.GENERATE).call(noise)[0];
  }

  /**
   * The dimensions of z.
   *
   * @throws ModelException if the model can't generate
   */
  public int latentSize() throws ModelException {
    Signature signature = VaeFunction.GENERATE.in(signaturesByKey(), NOWHERE);
    return Math.toIntExact(VaeFunction.GENERATE.inputOf(signature).shape.get(1));
  }

  private BatchFunction function(VaeFunction function) throws ModelException {
    Signature signature = function.in(signaturesByKey(), NOWHERE);
    return BatchFunction.of(NOWHERE, session, function, signature, false);
  }

  Map<String, Signature> signaturesByKey() {
    return signatures.stream().collect(Collectors.toMap(Signature::key, Function.identity()));
  }

  /** The same session with another meta graph. */
  ModelInSession with(MetaGraphDef other) {
    return new ModelInSession(session, other, signatures);
  }
}

package vae.storage;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SignatureDef;
import vae.config.Device;
import vae.metagraph.AllowedOps;
import vae.metagraph.GraphHints;
import vae.metagraph.MetaGraphException;
import vae.metagraph.ServingGraph;
import vae.tf1.ListedVariable;
import vae.tf1.TensorName;
import vae.tf1.V2Saver;

/**
 * A TF1 model that is brought over: {@code tf.train.import_meta_graph} and {@code saver.restore},
 * with the decoder made anew as the tutorial does it by hand.
 *
 * @param checkpoint its files
 * @param metaGraph all that its meta graph holds
 * @param serving the part that a model needs
 */
public record Tf1Import(Tf1Checkpoint checkpoint, MetaGraphDef metaGraph, ServingGraph serving) {

  /**
   * Reads a meta graph and finds the VAE in it.
   *
   * @param prefix as {@code saver.save} took it, or the folder
   * @param hints what is known of its tensors; the rest is searched for
   * @throws ModelException if a file is missing or damaged, no VAE can be recognised, or it needs
   *     ops that are not allowed
   */
  public static Tf1Import read(Path prefix, GraphHints hints) throws ModelException {
    return read(Tf1Checkpoint.find(prefix), hints, AllowedOps.STANDARD);
  }

  /**
   * The same of files that are known.
   *
   * @param allowed the ops that the model may need
   */
  public static Tf1Import read(Tf1Checkpoint checkpoint, GraphHints hints, AllowedOps allowed)
      throws ModelException {
    MetaGraphDef metaGraph = checkpoint.metaGraph();
    checkpoint.requireFiles(metaGraph.getSaverDef().getVersion());
    try {
      return new Tf1Import(checkpoint, metaGraph, ServingGraph.of(metaGraph, hints, allowed));
    } catch (MetaGraphException e) {
      throw new ModelException(checkpoint.metaFile(), String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * The variables of a collection as the meta graph lists them, in its order.
   *
   * @throws ModelException if the collection is damaged
   */
  public List<ListedVariable> variables(String collection) throws ModelException {
    return CollectionValues.listed(checkpoint.metaFile(), metaGraph, collection);
  }

  /**
   * Restores the variables' values.
   *
   * @return the model; the caller closes it
   * @throws ModelException if the checkpoint is damaged, or its variables are not the graph's
   */
  public LoadedModel restore(Device device) throws ModelException {
    Session session =
        RestoredGraph.session(serving.graph(), serving.variables(), checkpoint, device);
    return new LoadedModel(
        checkpoint.prefix(),
        served(session.graph()),
        session,
        device,
        Optional.empty(),
        Optional.empty(),
        Map.of());
  }

  private MetaGraphDef served(Graph graph) {
    return MetaGraphDef.newBuilder()
        .setGraphDef(graph.toGraphDef())
        .setSaverDef(V2Saver.saverDef())
        .putAllCollectionDef(serving.collections())
        .putAllSignatureDef(signatures(graph))
        .build();
  }

  private Map<String, SignatureDef> signatures(Graph graph) {
    Map<String, SignatureDef> signatures = new LinkedHashMap<>();
    Output<?> image = tensor(graph, serving.image());
    signatures.put(
        VaeFunction.RECONSTRUCT.key(),
        VaeFunction.RECONSTRUCT.signature(image, tensor(graph, serving.recon())));
    if (serving.zMean().isPresent() && serving.zStd().isPresent()) {
      signatures.put(
          VaeFunction.ENCODE.key(),
          VaeFunction.ENCODE.signature(
              image, tensor(graph, serving.zMean().get()), tensor(graph, serving.zStd().get())));
    }
    signatures.put(
        VaeFunction.GENERATE.key(),
        VaeFunction.GENERATE.signature(
            tensor(graph, serving.noiseInput()), tensor(graph, serving.generated())));
    return signatures;
  }

  private static Output<?> tensor(Graph graph, TensorName name) {
    return graph.outputOrThrow(name.toString());
  }
}

package vae.storage;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Signature;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.MetaGraphDef;
import vae.config.Device;
import vae.metagraph.GraphHints;
import vae.metagraph.MetaGraphException;
import vae.metagraph.RestoredVariable;
import vae.metagraph.ServingGraph;
import vae.runtime.Sessions;
import vae.runtime.TensorFlowFailure;
import vae.tf1.GraphVariable;
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
   * @param prefix as {@code saver.save} took it
   * @param hints what is known of its tensors; the rest is searched for
   * @throws ModelException if a file is missing or damaged, or no VAE can be recognised
   */
  public static Tf1Import read(Path prefix, GraphHints hints) throws ModelException {
    return read(Tf1Checkpoint.at(prefix), hints);
  }

  /** The same of files that are known. */
  public static Tf1Import read(Tf1Checkpoint checkpoint, GraphHints hints) throws ModelException {
    MetaGraphDef metaGraph = checkpoint.metaGraph();
    checkpoint.requireFiles(metaGraph.getSaverDef().getVersion());
    try {
      return new Tf1Import(checkpoint, metaGraph, ServingGraph.of(metaGraph, hints));
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
    Graph graph = new Graph();
    Session session = null;
    try {
      graph.importGraphDef(serving.graph());
      Map<GraphVariable, RestoredVariable> variables = new LinkedHashMap<>();
      serving
          .variables()
          .forEach(
              restored ->
                  variables.put(
                      new GraphVariable(graph.operationOrThrow(restored.op())), restored));
      List<Output<?>> values = V2Saver.build(Ops.create(graph), List.copyOf(variables.keySet()));
      if (graph.operation(V2Saver.saverDef().getRestoreOpName()) == null) {
        throw new ModelException(
            checkpoint.metaFile(),
            "expected no op that the model needs in the scope save, which is the saver's");
      }
      session = new Session(graph, Sessions.onCallersThread(device));
      assign(session, values, variables);
      return new LoadedModel(
          checkpoint.prefix(), served(graph), session, signatures(graph), device, Optional.empty());
    } catch (ModelException | RuntimeException e) {
      if (session != null) {
        session.close();
      }
      graph.close();
      if (TensorFlowFailure.is(e)) {
        throw new ModelException(checkpoint.prefix(), "can't be restored: " + e.getMessage(), e);
      }
      throw e;
    }
  }

  private void assign(
      Session session, List<Output<?>> values, Map<GraphVariable, RestoredVariable> variables)
      throws ModelException {
    try (Result read = checkpoint.read(variables)) {
      Session.Runner runner = session.runner();
      for (int i = 0; i < values.size(); i++) {
        runner.feed(values.get(i), read.get(i));
      }
      runner.addTarget(V2Saver.saverDef().getRestoreOpName()).run().close();
    }
  }

  private MetaGraphDef served(Graph graph) {
    return MetaGraphDef.newBuilder()
        .setGraphDef(graph.toGraphDef())
        .setSaverDef(V2Saver.saverDef())
        .putAllCollectionDef(serving.collections())
        .build();
  }

  private List<Signature> signatures(Graph graph) {
    List<Signature> signatures = new ArrayList<>();
    signatures.add(
        VaeFunction.reconstruct(tensor(graph, serving.image()), tensor(graph, serving.recon())));
    if (serving.zMean().isPresent() && serving.zStd().isPresent()) {
      signatures.add(
          VaeFunction.encode(
              tensor(graph, serving.image()),
              tensor(graph, serving.zMean().get()),
              tensor(graph, serving.zStd().get())));
    }
    signatures.add(
        VaeFunction.generate(
            tensor(graph, serving.noiseInput()), tensor(graph, serving.generated())));
    return signatures;
  }

  private static Output<?> tensor(Graph graph, TensorName name) {
    return graph.outputOrThrow(name.toString());
  }
}

package vae.imports;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.proto.MetaGraphDef;
import vae.checkpoint.Tf1Checkpoint;
import vae.config.Device;
import vae.files.ModelException;
import vae.functions.CollectionValues;
import vae.metagraph.AllowedOps;
import vae.metagraph.GraphHints;
import vae.metagraph.MetaGraphException;
import vae.search.GenerativeGraph;
import vae.storage.LoadedModel;
import vae.tf1.ListedVariable;

/**
 * A TF1 generative model that is brought over: {@code tf.train.import_meta_graph} and {@code
 * saver.restore}, with the decoder made anew as the tutorial does it by hand.
 *
 * @param imported the functions that it offers
 * @param metaGraph all that its meta graph holds
 * @param found what was found in it
 */
public record Tf1Import(FunctionImport imported, MetaGraphDef metaGraph, GenerativeGraph found) {

  /**
   * Reads a meta graph and finds the model in it.
   *
   * @param prefix as {@code saver.save} took it, or the folder
   * @param hints what is known of its tensors; the rest is searched for
   * @throws ModelException if a file is missing or damaged, no generative model can be recognised,
   *     or it needs ops that are not allowed
   */
  public static Tf1Import read(Path prefix, GraphHints hints) throws ModelException {
    return of(Tf1Checkpoint.find(prefix), hints, AllowedOps.STANDARD);
  }

  /**
   * The same of files that are known.
   *
   * @param source a checkpoint, or a frozen graph's file in the place of its prefix
   * @param allowed the ops that the model may need
   * @throws ModelException as {@link #read(Path, GraphHints)}; its cause is an {@link
   *     vae.search.AmbiguousGraphException} where the graph can be read in several ways
   */
  public static Tf1Import of(Tf1Checkpoint source, GraphHints hints, AllowedOps allowed)
      throws ModelException {
    MetaGraphDef metaGraph = FunctionImport.metaGraph(source);
    Optional<Set<String>> stored = Optional.empty();
    if (!FunctionImport.isFrozen(source.prefix())) {
      source.requireFiles(metaGraph.getSaverDef().getVersion());
      stored = Optional.of(source.table().keySet());
    }
    try {
      GenerativeGraph found = GenerativeGraph.of(metaGraph, hints, stored, allowed);
      return new Tf1Import(
          FunctionImport.of(source, metaGraph, found.functions()), metaGraph, found);
    } catch (MetaGraphException e) {
      throw new ModelException(FunctionImport.graphFile(source), String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * The variables of a collection as the meta graph lists them, in its order.
   *
   * @throws ModelException if the collection is damaged
   */
  public List<ListedVariable> variables(String collection) throws ModelException {
    return CollectionValues.listed(
        FunctionImport.graphFile(imported.source()), metaGraph, collection);
  }

  /**
   * Restores the variables' values.
   *
   * @return the model; the caller closes it
   * @throws ModelException if the checkpoint is damaged, or its variables are not the graph's
   */
  public LoadedModel restore(Device device) throws ModelException {
    return imported.restore(device);
  }
}

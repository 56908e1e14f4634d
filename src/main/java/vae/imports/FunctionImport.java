package vae.imports;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.tensorflow.Session;
import org.tensorflow.proto.AssetFileDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.TensorInfo;
import vae.checkpoint.RestoredGraph;
import vae.checkpoint.Tf1Checkpoint;
import vae.config.Device;
import vae.files.FileKind;
import vae.files.ModelException;
import vae.files.ProtoFile;
import vae.metagraph.AllowedOps;
import vae.metagraph.FunctionGraph;
import vae.metagraph.FunctionRequest;
import vae.metagraph.MetaGraphException;
import vae.storage.LoadedModel;
import vae.tf1.V2Saver;

/**
 * Functions that a user names in a TF1 model, brought over: from a checkpoint with its meta graph,
 * or from a frozen graph, whose variables are constants.
 *
 * @param source the checkpoint; of a frozen graph its file, which has no variables
 * @param functions the part that computes them
 * @param assets the files that its tables are read from, by the tensor that is fed each path
 */
public record FunctionImport(
    Tf1Checkpoint source, FunctionGraph functions, Map<String, Path> assets) {

  /** Whether a path is a frozen graph's, by its name. */
  static boolean isFrozen(Path path) {
    return path.toString().endsWith(".pb");
  }

  /**
   * Reads a meta graph and its checkpoint's table, or a frozen graph.
   *
   * @param source a checkpoint, or a frozen graph's file in the place of its prefix
   * @param requests the functions
   * @param fixed scalar placeholders that get a value for good
   * @param allowed the ops that they may need
   * @throws ModelException if a file is missing or damaged, or the functions can't be cut out
   */
  public static FunctionImport read(
      Tf1Checkpoint source,
      List<FunctionRequest> requests,
      Map<String, String> fixed,
      AllowedOps allowed)
      throws ModelException {
    MetaGraphDef metaGraph = metaGraph(source);
    try {
      return of(source, metaGraph, FunctionGraph.of(metaGraph, requests, fixed, Set.of(), allowed));
    } catch (MetaGraphException e) {
      throw new ModelException(graphFile(source), String.valueOf(e.getMessage()), e);
    }
  }

  /** The same of functions that have been cut out. */
  static FunctionImport of(Tf1Checkpoint source, MetaGraphDef metaGraph, FunctionGraph functions)
      throws ModelException {
    Path file = graphFile(source);
    if (!functions.variables().isEmpty()) {
      if (isFrozen(source.prefix())) {
        throw new ModelException(
            file,
            "expected a frozen graph, found that it has variables, such as %s, and no checkpoint"
                .formatted(functions.variables().get(0).op()));
      }
      source.requireFiles(metaGraph.getSaverDef().getVersion());
    }
    return new FunctionImport(source, functions, assets(file, functions.files()));
  }

  /** The file that the graph is read from. */
  static Path graphFile(Tf1Checkpoint source) {
    return isFrozen(source.prefix()) ? source.prefix() : source.metaFile();
  }

  /** The graph of a checkpoint, or a frozen one. */
  static MetaGraphDef metaGraph(Tf1Checkpoint source) throws ModelException {
    return isFrozen(source.prefix()) ? frozen(source.prefix()) : source.metaGraph();
  }

  private static MetaGraphDef frozen(Path file) throws ModelException {
    if (!Files.isRegularFile(file)) {
      throw new ModelException(file, "expected a frozen graph, found no such file");
    }
    try {
      Optional<FileKind> kind = FileKind.of(file);
      if (kind.isPresent() && !kind.get().equals(FileKind.GRAPH)) {
        throw new ModelException(file, "expected a frozen graph, found " + kind.get());
      }
      GraphDef graph = ProtoFile.read(file, GraphDef.parser(), "frozen graph");
      if (graph.getNodeCount() == 0) {
        throw new ModelException(file, "expected a frozen graph, found one without ops");
      }
      return MetaGraphDef.newBuilder().setGraphDef(graph).build();
    } catch (IOException e) {
      throw ModelException.unreadable(file, e);
    }
  }

  /** Another machine's paths mean nothing here: the files are to lie beside the model. */
  private static Map<String, Path> assets(Path file, Map<String, String> paths)
      throws ModelException {
    Map<String, Path> assets = new TreeMap<>();
    for (Map.Entry<String, String> path : paths.entrySet()) {
      String name = path.getValue().replaceFirst("(?s).*[/\\\\]", "");
      Path beside = file.resolveSibling(name.isEmpty() || name.startsWith(".") ? "no name" : name);
      if (!Files.isRegularFile(beside)) {
        throw new ModelException(
            beside,
            "expected the file of a table, which was %s where the graph was made, found no such file;"
                    .formatted(path.getValue())
                + " copy it there");
      }
      assets.put(path.getKey(), beside);
    }
    return assets;
  }

  /**
   * Restores the variables' values, and fills the tables.
   *
   * @return the model; the caller closes it
   * @throws ModelException if the checkpoint is damaged, or its variables are not the graph's
   */
  public LoadedModel restore(Device device) throws ModelException {
    Session session =
        RestoredGraph.session(
            functions.graph(), functions.variables(), source, functions.init(), assets, device);
    boolean restored = false;
    try {
      Map<String, Path> named = new LinkedHashMap<>();
      assets.values().forEach(asset -> named.put(String.valueOf(asset.getFileName()), asset));
      var model =
          new LoadedModel(
              source.prefix(),
              served(session),
              session,
              device,
              Optional.empty(),
              Optional.empty(),
              named);
      restored = true;
      return model;
    } finally {
      if (!restored) {
        session.close();
        session.graph().close();
      }
    }
  }

  private MetaGraphDef served(Session session) {
    var served =
        MetaGraphDef.newBuilder()
            .setGraphDef(session.graph().toGraphDef())
            .putAllCollectionDef(functions.collections())
            .putAllSignatureDef(functions.signatures());
    if (!functions.variables().isEmpty()) {
      served.setSaverDef(V2Saver.saverDef());
    }
    assets.forEach(
        (tensor, asset) ->
            served.addAssetFileDef(
                AssetFileDef.newBuilder()
                    .setFilename(String.valueOf(asset.getFileName()))
                    .setTensorInfo(TensorInfo.newBuilder().setName(tensor))));
    return served.build();
  }
}

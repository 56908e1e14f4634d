package vae.metagraph;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.tensorflow.proto.CollectionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.VariableDef;
import vae.tf1.TensorName;
import vae.tf1.Tf1Names;

/**
 * The part of a SavedModel's graph that it is loaded for: what its signatures need, the variables,
 * and its init op. Its saver, training ops and all else are left out, so that nobody can run them.
 *
 * @param graph the ops
 * @param variables what its saver restores
 * @param signatures its functions, by key
 * @param init what is to be run once the variables are restored
 * @param assets files that come with the model, by the tensor that is fed each one's path
 * @param leftOut signatures that can't be called, and why
 */
public record SignatureGraph(
    GraphDef graph,
    List<RestoredVariable> variables,
    Map<String, SignatureDef> signatures,
    Optional<String> init,
    Map<String, String> assets,
    Map<String, String> leftOut) {
  /** The collection in which TF1 notes it. */
  static final String MAIN_OP = "saved_model_main_op";

  private static final String RESERVED = "__saved_model_";
  private static final String INIT_SIGNATURE = RESERVED + "init_op";

  /** Where TF1 and TF2 note the init op, in the order in which TensorFlow looks. */
  private static final List<String> INIT_COLLECTIONS = List.of(MAIN_OP, "legacy_init_op");

  /**
   * Takes a SavedModel's meta graph apart.
   *
   * @param allowed the ops that it may need
   * @throws MetaGraphException if it needs others, or is damaged
   */
  public static SignatureGraph of(MetaGraphDef metaGraph, AllowedOps allowed)
      throws MetaGraphException {
    var old = new NodeGraph(metaGraph.getGraphDef());
    SoundGraph.require(old);
    Map<String, SignatureDef> signatures = new TreeMap<>(metaGraph.getSignatureDefMap());
    Optional<String> init = init(metaGraph, Optional.ofNullable(signatures.get(INIT_SIGNATURE)));
    Map<String, String> leftOut = new TreeMap<>();
    signatures.keySet().removeIf(key -> key.startsWith(RESERVED));
    signatures.forEach((key, signature) -> why(signature).ifPresent(why -> leftOut.put(key, why)));
    signatures.keySet().removeAll(leftOut.keySet());
    Map<String, String> assets = ModelAssets.of(metaGraph);

    var cut = new GraphCut(metaGraph.getGraphDef(), old);
    Set<String> roots = new LinkedHashSet<>();
    Map<TensorName, TensorName> fed = new LinkedHashMap<>();
    for (SignatureDef signature : signatures.values()) {
      for (TensorInfo tensor : tensors(signature)) {
        roots.add(old.node(TensorName.parse(tensor.getName()).op()).getName());
      }
      for (TensorInfo tensor : signature.getInputsMap().values()) {
        TensorName name = TensorName.parse(tensor.getName());
        if (name.output() == 0 && !old.type(name).startsWith("Placeholder")) {
          fed.put(name, name);
          roots.remove(name.op());
          // In the place of an op such as a queue's, which is never run.
          cut.put(GraphCut.placeholder(name.op(), tensor.getDtype(), tensor.getTensorShape()));
        }
      }
    }
    cut.keep(roots, fed);
    // Before its saver is looked at. No call reads a file: only the init op may, from an asset.
    GraphGuard.check(cut.graph(), allowed, Set.of());
    if (init.isPresent()) {
      roots.add(old.node(init.get()).getName());
    }

    List<RestoredVariable> variables = RestoredVariable.of(metaGraph, old);
    variables.forEach(variable -> roots.add(variable.op()));
    boolean isSavedAsItIs = variables.stream().allMatch(RestoredVariable::isWholeAndOfItsName);
    for (VariableDef listed : listed(metaGraph)) {
      Stream<String> needed =
          isSavedAsItIs
              ? Stream.of(TensorName.parse(listed.getSnapshotName()).op())
              : GraphCut.initialOps(listed);
      needed.filter(old::has).forEach(roots::add);
    }
    cut.keep(roots, fed);
    GraphDef graph = cut.graph();
    GraphCut.requireNoInit(graph);
    GraphGuard.check(graph, allowed, assets.keySet());
    assets.keySet().removeIf(tensor -> !cut.names().contains(TensorName.parse(tensor).op()));
    return new SignatureGraph(graph, variables, signatures, init, assets, leftOut);
  }

  /** Why a function can't be called; nothing if it can. */
  private static Optional<String> why(SignatureDef signature) {
    boolean isSparse = tensors(signature).stream().anyMatch(TensorInfo::hasCooSparse);
    boolean isNameless = tensors(signature).stream().anyMatch(info -> info.getName().isEmpty());
    if (isSparse || isNameless) {
      return Optional.of(
          isSparse ? "it takes or gives sparse tensors" : "one of its tensors has no name");
    }
    return signature.getOutputsCount() == 0 ? Optional.of("it gives nothing") : Optional.empty();
  }

  /** Whether a saver that saves each variable under its op's name does as the model's own. */
  public boolean isSavedAsItIs() {
    return variables.stream().allMatch(RestoredVariable::isWholeAndOfItsName);
  }

  private static Optional<String> init(MetaGraphDef metaGraph, Optional<SignatureDef> signature) {
    if (signature.isPresent()) {
      return signature.get().getOutputsMap().values().stream()
          .map(tensor -> TensorName.parse(tensor.getName()).op())
          .findFirst();
    }
    return INIT_COLLECTIONS.stream()
        .map(key -> metaGraph.getCollectionDefOrDefault(key, CollectionDef.getDefaultInstance()))
        .flatMap(collection -> collection.getNodeList().getValueList().stream())
        .map(name -> TensorName.parse(name).op())
        .findFirst();
  }

  /** A signature's inputs and outputs. */
  public static List<TensorInfo> tensors(SignatureDef signature) {
    return Stream.concat(
            signature.getInputsMap().values().stream(), signature.getOutputsMap().values().stream())
        .toList();
  }

  private static List<VariableDef> listed(MetaGraphDef metaGraph) throws MetaGraphException {
    List<VariableDef> listed = new ArrayList<>();
    listed.addAll(VariableLists.of(metaGraph, Tf1Names.TRAINABLE_VARIABLES));
    listed.addAll(VariableLists.of(metaGraph, Tf1Names.GLOBAL_VARIABLES));
    return listed;
  }
}

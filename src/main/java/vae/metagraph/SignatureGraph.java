package vae.metagraph;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.tensorflow.proto.CollectionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.VariableDef;
import vae.tf1.GraphCollections;
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
 */
public record SignatureGraph(
    GraphDef graph,
    List<RestoredVariable> variables,
    Map<String, SignatureDef> signatures,
    Optional<String> init) {
  private static final String INIT_SIGNATURE = "__saved_model_init_op";

  /** Where TF1 and TF2 note the init op, in the order in which TensorFlow looks. */
  private static final List<String> INIT_COLLECTIONS =
      List.of("saved_model_main_op", "legacy_init_op");

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
    Map<String, SignatureDef> signatures = new LinkedHashMap<>(metaGraph.getSignatureDefMap());
    SignatureDef initSignature = signatures.remove(INIT_SIGNATURE);
    Optional<String> init = init(metaGraph, Optional.ofNullable(initSignature));

    var cut = new GraphCut(metaGraph.getGraphDef(), old);
    Set<String> roots = new LinkedHashSet<>();
    for (SignatureDef signature : signatures.values()) {
      for (TensorInfo tensor : tensors(signature)) {
        roots.add(op(old, tensor.getName()));
      }
    }
    if (init.isPresent()) {
      roots.add(old.node(init.get()).getName());
    }
    cut.keep(roots);
    // Before its saver is looked at, which in TF2's models is made of functions.
    GraphGuard.check(cut.graph(), allowed);

    List<RestoredVariable> variables = RestoredVariable.of(metaGraph, old);
    variables.forEach(variable -> roots.add(variable.op()));
    boolean isSavedAsItIs = isSavedAsItIs(variables);
    for (VariableDef listed : listed(metaGraph)) {
      Stream<String> needed =
          isSavedAsItIs
              ? Stream.of(TensorName.parse(listed.getSnapshotName()).op())
              : GraphCut.initialOps(listed);
      needed.filter(old::has).forEach(roots::add);
    }
    cut.keep(roots);
    GraphCut.requireNoInit(cut.names());
    GraphGuard.check(cut.graph(), allowed);
    return new SignatureGraph(cut.graph(), variables, signatures, init);
  }

  /** Whether a saver that saves each variable under its op's name does as the model's own. */
  public boolean isSavedAsItIs() {
    return isSavedAsItIs(variables);
  }

  private static boolean isSavedAsItIs(List<RestoredVariable> variables) {
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

  private static String op(NodeGraph graph, String tensor) throws MetaGraphException {
    return graph.node(TensorName.parse(tensor).op()).getName();
  }

  private static List<VariableDef> listed(MetaGraphDef metaGraph) throws MetaGraphException {
    List<VariableDef> listed = new ArrayList<>();
    for (String key : List.of(Tf1Names.TRAINABLE_VARIABLES, Tf1Names.GLOBAL_VARIABLES)) {
      try {
        listed.addAll(GraphCollections.variables(metaGraph, key));
      } catch (InvalidProtocolBufferException e) {
        throw new MetaGraphException(
            "expected VariableDefs in the collection '%s', found %s"
                .formatted(key, e.getMessage()));
      }
    }
    return listed;
  }
}

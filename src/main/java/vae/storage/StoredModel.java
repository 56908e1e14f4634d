package vae.storage;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import vae.checkpoint.RestoredGraph;
import vae.checkpoint.Tf1Checkpoint;
import vae.config.Device;
import vae.files.ModelException;
import vae.files.ProtoFile;
import vae.functions.ModelSignature;
import vae.functions.ModelSignature.NamedTensor;
import vae.functions.VaeFunction;
import vae.metagraph.AllowedOps;
import vae.metagraph.MetaGraphException;
import vae.metagraph.SignatureGraph;
import vae.tf1.SavedModelFiles;
import vae.tf1.TensorName;
import vae.tf1.V2Saver;

/**
 * A published model as it lies on the disk, whose graph may be a stranger's. It is read, and its
 * files and ops are looked at, without TensorFlow, which then gets the part that is needed.
 * (TensorFlow's own loader takes the whole graph, and runs the restore ops that it finds in it.)
 *
 * @param folder of the SavedModel
 * @param manifest what its files are as they were published; nothing if it has none
 * @param metaGraph all that it holds
 * @param needed the part that it is loaded for
 */
public record StoredModel(
    Path folder, Optional<Manifest> manifest, MetaGraphDef metaGraph, SignatureGraph needed) {
  private static final Logger LOG = LoggerFactory.getLogger(StoredModel.class);
  private static final String TAG = "serve";

  /**
   * Reads a model.
   *
   * @param folder as {@link ModelStore#newest} gives it
   * @param allowed the ops that its graph may need
   * @throws ModelException if the folder is not a SavedModel, is damaged, or needs other ops
   */
  public static StoredModel read(Path folder, AllowedOps allowed) throws ModelException {
    Optional<Manifest> manifest = Manifest.check(folder);
    requireFile(folder, SavedModelFiles.GRAPH);
    Path file = folder.resolve(SavedModelFiles.GRAPH);
    MetaGraphDef metaGraph = metaGraph(file);
    SignatureGraph needed;
    try {
      needed = SignatureGraph.of(metaGraph, allowed);
    } catch (MetaGraphException e) {
      String kind = isOfTensorFlow2(metaGraph) ? "a SavedModel of TensorFlow 2: " : "";
      throw new ModelException(file, kind + e.getMessage(), e);
    }
    // TF1's first format has no index; whether it is there is seen when it is read.
    if (!needed.variables().isEmpty() && !Files.exists(folder.resolve(SavedModelFiles.VARIABLES))) {
      requireFile(folder, SavedModelFiles.VARIABLES_INDEX);
    }
    for (String asset : needed.assets().values()) {
      requireFile(folder, SavedModelFiles.ASSETS + "/" + asset);
    }
    return new StoredModel(folder, manifest, metaGraph, needed);
  }

  /**
   * What stands in the way of a model that can't be loaded.
   *
   * @return for each signature what it is refused for; that it is not, if it is another's fault
   * @throws ModelException if the folder is no SavedModel, or damaged
   */
  public static Map<String, String> obstacles(Path folder, AllowedOps allowed)
      throws ModelException {
    MetaGraphDef whole = metaGraph(folder.resolve(SavedModelFiles.GRAPH));
    Map<String, String> obstacles = new TreeMap<>();
    for (Map.Entry<String, SignatureDef> one : whole.getSignatureDefMap().entrySet()) {
      MetaGraphDef alone =
          whole.toBuilder()
              .clearSignatureDef()
              .putSignatureDef(one.getKey(), one.getValue())
              .build();
      try {
        SignatureGraph found = SignatureGraph.of(alone, allowed);
        found.signatures().keySet().forEach(key -> obstacles.put(key, "nothing that was seen"));
        obstacles.putAll(found.leftOut());
      } catch (MetaGraphException e) {
        obstacles.put(one.getKey(), String.valueOf(e.getMessage()));
      }
    }
    return obstacles;
  }

  private static void requireFile(Path folder, String name) throws ModelException {
    if (!Files.isRegularFile(folder.resolve(name))) {
      throw new ModelException(folder, "expected a SavedModel, found no " + name);
    }
  }

  /** Whether {@code tf.saved_model.save} or Keras has written it: its functions are TF2's. */
  public boolean isOfTensorFlow2() {
    return isOfTensorFlow2(metaGraph);
  }

  private static boolean isOfTensorFlow2(MetaGraphDef metaGraph) {
    return metaGraph.hasObjectGraphDef();
  }

  /**
   * Whether it brings what tells what a z means.
   *
   * @throws ModelException if that is damaged
   */
  public boolean isLabelled() throws ModelException {
    return Labelling.in(folder).isPresent();
  }

  /**
   * What it encodes: images of a known shape.
   *
   * @throws ModelException if it encodes nothing such
   */
  public NamedTensor encoded() throws ModelException {
    SortedMap<String, ModelSignature> signatures = new TreeMap<>();
    needed.signatures().forEach((key, each) -> signatures.put(key, ModelSignature.of(key, each)));
    ModelSignature encode = VaeFunction.ENCODE.in(signatures, folder);
    return Objects.requireNonNull(encode.inputs().get(VaeFunction.IMAGE));
  }

  /**
   * Loads it.
   *
   * @return the model; the caller closes it
   * @throws ModelException if TensorFlow can't load it, or its variables are not the graph's
   */
  public LoadedModel load(Device device) throws ModelException {
    return load(device, Optional.empty());
  }

  /**
   * The same with the signature known that makes images of a code.
   *
   * @param generator its key; nothing to have it looked for
   */
  public LoadedModel load(Device device, Optional<String> generator) throws ModelException {
    long start = System.nanoTime();
    Path file = folder.resolve(SavedModelFiles.GRAPH);
    var checkpoint = new Tf1Checkpoint(folder.resolve(SavedModelFiles.VARIABLES), file);
    Map<String, Path> files = new TreeMap<>();
    needed.assets().forEach((tensor, name) -> files.put(tensor, assets().get(name)));
    Session session =
        RestoredGraph.session(
            needed.graph(), needed.variables(), checkpoint, needed.init(), files, device);
    boolean loaded = false;
    try {
      MetaGraphDef served = served(session);
      requireOutputs(file, session.graph(), served.getSignatureDefMap());
      loaded = true;
      LOG.debug("loaded {} in {} ms", folder, (System.nanoTime() - start) / 1_000_000);
      return new LoadedModel(folder, served, session, device, manifest, generator, assets());
    } finally {
      if (!loaded) {
        session.close();
        session.graph().close();
      }
    }
  }

  /** The files that it brings, by name. */
  private Map<String, Path> assets() {
    Map<String, Path> files = new TreeMap<>();
    needed
        .assets()
        .values()
        .forEach(name -> files.put(name, folder.resolve(SavedModelFiles.ASSETS).resolve(name)));
    return files;
  }

  /**
   * What it offers, and what is saved again: the whole graph, unless its own saver would not read
   * what ours writes.
   */
  private MetaGraphDef served(Session session) {
    MetaGraphDef.Builder served =
        metaGraph.toBuilder().clearSignatureDef().putAllSignatureDef(needed.signatures());
    return needed.isSavedAsItIs()
        ? served.build()
        : served.setGraphDef(session.graph().toGraphDef()).setSaverDef(V2Saver.saverDef()).build();
  }

  private static MetaGraphDef metaGraph(Path file) throws ModelException {
    return ProtoFile.read(file, SavedModel.parser(), "SavedModel").getMetaGraphsList().stream()
        .filter(each -> each.getMetaInfoDef().getTagsList().contains(TAG))
        .findFirst()
        .orElseThrow(
            () ->
                new ModelException(file, "expected a graph with the tag " + TAG + ", found none"));
  }

  /** A signature of a stranger's may name an output that its op has not. */
  private static void requireOutputs(Path file, Graph graph, Map<String, SignatureDef> signatures)
      throws ModelException {
    for (SignatureDef signature : signatures.values()) {
      for (TensorInfo tensor : SignatureGraph.tensors(signature)) {
        TensorName name = TensorName.parse(tensor.getName());
        int outputs = graph.operationOrThrow(name.op()).numOutputs();
        if (name.output() >= outputs) {
          throw new ModelException(
              file,
              "expected a tensor %s, found that its op has %d outputs".formatted(name, outputs));
        }
      }
    }
  }
}

package vae.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.UnaryOperator;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.MetaGraphDef;
import vae.checkpoint.Tf1Export;
import vae.config.Device;
import vae.files.ModelException;
import vae.files.WriteException;
import vae.functions.Batching;
import vae.functions.CollectionValues;
import vae.functions.ModelFunctions;
import vae.functions.ModelInSession;
import vae.functions.ModelSignature;
import vae.functions.VaeFunctions;
import vae.metagraph.AllowedOps;
import vae.runtime.Sessions;
import vae.tensor.Values;
import vae.tf1.ListedVariable;
import vae.tf1.SavedModelFiles;

/**
 * A model in memory, with all functions that it offers, from a SavedModel or from a TF1 checkpoint.
 * It owns the graph, the session and every tensor on the way; callers see {@link Values}. Safe to
 * share between threads until it is closed.
 */
public final class LoadedModel implements AutoCloseable {
  /** Their images, 784 values each, stay in a core's cache. */
  private static final int ROWS_ON_CPU = 250;

  /** Enough to keep a GPU busy; the pieces' results are copied while it computes others. */
  private static final int ROWS_ON_GPU = 2_000;

  private final Path source;
  private final MetaGraphDef metaGraph;
  private final Session session;
  private final Device device;
  private final Optional<Manifest> manifest;
  private final Map<String, Path> assets;
  private final ModelFunctions functions;
  private final VaeFunctions vae;

  /**
   * Takes ownership of the session and its graph.
   *
   * @param source where the model was loaded from
   * @param metaGraph the graph with signatures and collections
   * @param session of {@link Sessions#onCallersThread}, on the device
   * @param manifest what the source was checked against, if it has one
   * @param generator the signature that makes images, where a user names one
   * @param assets files that its init op has read, by the name under which they are saved again
   */
  public LoadedModel(
      Path source,
      MetaGraphDef metaGraph,
      Session session,
      Device device,
      Optional<Manifest> manifest,
      Optional<String> generator,
      Map<String, Path> assets) {
    this.assets = assets;
    this.source = source;
    this.manifest = manifest;
    this.device = device;
    this.metaGraph = metaGraph;
    this.session = session;
    int mostRows = device == Device.GPU ? ROWS_ON_GPU : ROWS_ON_CPU;
    this.functions = new ModelFunctions(source, session, metaGraph, mostRows);
    this.vae = new VaeFunctions(functions, generator);
  }

  /**
   * Loads a model, once its files are what its manifest says; see {@link StoredModel} for one whose
   * graph needs more than others do.
   *
   * @param folder a SavedModel's, as {@link ModelStore#newest} gives it
   * @throws ModelException if the folder is not a SavedModel, is damaged, or needs ops that such
   *     models don't ({@link AllowedOps})
   */
  public static LoadedModel open(Path folder, Device device) throws ModelException {
    return StoredModel.read(folder, AllowedOps.STANDARD).load(device);
  }

  /**
   * Writes it as a SavedModel.
   *
   * @param folder an empty folder; see {@link ModelStore#publish}
   * @throws IOException if the folder can't be written
   */
  public void writeTo(Path folder) throws IOException {
    write(folder, labelling());
  }

  /**
   * Writes it as a SavedModel, with another labelling.
   *
   * @throws IOException if the folder can't be written
   */
  public void writeLabelled(Path folder, Labelling labelling) throws IOException {
    write(folder, Optional.of(labelling));
  }

  private void write(Path folder, Optional<Labelling> labelling) throws IOException {
    Path copies = folder.resolve(SavedModelFiles.ASSETS);
    for (Map.Entry<String, Path> asset : assets.entrySet()) {
      Files.createDirectories(copies);
      Files.copy(asset.getValue(), copies.resolve(asset.getKey()));
    }
    var model = new ModelInSession(session, metaGraph);
    SavedModelWriter.write(model, manifest.flatMap(Manifest::training), labelling, folder);
  }

  /**
   * What it brings to tell what a z means.
   *
   * @return nothing if it brings none
   * @throws ModelException if that is damaged, or another model's
   */
  public Optional<Labelling> labelling() throws ModelException {
    Optional<Labelling> labelling = Labelling.in(source);
    if (labelling.isPresent()) {
      int latent = labelling.get().codes().latent();
      int inputs = labelling.get().judge().network().inputs();
      int image = Arrays.stream(vae.imageShape()).reduce(1, Math::multiplyExact);
      if (latent != vae.latentSize() || inputs != image) {
        throw new ModelException(
            source.resolve(ImageCodes.FOLDER),
            "expected codes of %d dimensions and a judge of %d values, found %d and %d"
                .formatted(vae.latentSize(), image, latent, inputs));
      }
    }
    return labelling;
  }

  /**
   * Writes it as TF1's saver does; see {@link Tf1Export}.
   *
   * @param addition what the meta graph gets beside the model, such as an input pipeline
   * @throws WriteException if it can't be written
   */
  public void export(Path prefix, UnaryOperator<MetaGraphDef> addition) throws WriteException {
    Tf1Export.write(new ModelInSession(session, addition.apply(metaGraph)), prefix);
  }

  /** Where it was loaded from: a SavedModel's folder, or a checkpoint's prefix. */
  public Path source() {
    return source;
  }

  /** What its files were checked against; nothing for a model of another program's. */
  public Optional<Manifest> manifest() {
    return manifest;
  }

  /** Where it computes. */
  public Device device() {
    return device;
  }

  /** The graph with its signatures and collections. */
  public MetaGraphDef metaGraph() {
    return metaGraph;
  }

  /** What it does as a VAE, or as a part of one. */
  public VaeFunctions vae() {
    return vae;
  }

  /** The functions that it offers, by key. */
  public SortedMap<String, ModelSignature> signatures() {
    return functions.signatures();
  }

  /**
   * How one of its functions takes its rows.
   *
   * @param key the function's, one of {@link #signatures}
   */
  public Batching batching(String key) {
    return functions.batching(key);
  }

  /**
   * Computes any of its functions.
   *
   * @param key the function's
   * @param inputs all that it takes, by name
   * @return all that it gives, by name
   * @throws ModelException if TensorFlow can't compute it
   * @throws IllegalArgumentException if there is no such function, or it takes other inputs
   */
  public SortedMap<String, Values> predict(String key, Map<String, Values> inputs)
      throws ModelException {
    return functions.call(key, inputs);
  }

  /**
   * The variables of a collection, in its order.
   *
   * @return none if the model has no such collection
   * @throws ModelException if the collection is damaged
   */
  public List<ListedVariable> variables(String collection) throws ModelException {
    return CollectionValues.listed(source, metaGraph, collection);
  }

  /**
   * The shapes of the values of a collection's variables, by op and in the collection's order:
   * {@code for i in sess.run(graph.get_collection(key)): print(i.shape)}.
   *
   * @throws ModelException if the collection is damaged, or its values can't be fetched
   */
  public Map<String, Shape> fetchShapes(String collection) throws ModelException {
    return CollectionValues.shapes(source, session, variables(collection));
  }

  /**
   * The values of a collection's variables, in the collection's order: {@code
   * sess.run(graph.get_collection(key))}. Each array is a variable's, row-major, of the shape that
   * the variable tells.
   *
   * @throws ModelException if the collection is damaged, or its values can't be fetched or are not
   *     all of float32: {@code variables} of some optimizers hold a step count too
   */
  public Map<ListedVariable, float[]> values(String collection) throws ModelException {
    return CollectionValues.floats(source, session, variables(collection));
  }

  @Override
  public void close() {
    session.close();
    session.graph().close();
  }
}

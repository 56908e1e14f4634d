package vae.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.math.Sigmoid;
import org.tensorflow.proto.MetaGraphDef;
import vae.config.Device;
import vae.metagraph.AllowedOps;
import vae.runtime.Sessions;
import vae.runtime.TensorFlowFailure;
import vae.tf1.ListedVariable;
import vae.tf1.TensorName;
import vae.tf1.Tf1Names;

/**
 * A model in memory, with the three functions that it offers, from a SavedModel or from a TF1
 * checkpoint. It owns the graph, the session and every tensor on the way; callers see arrays. Safe
 * to share between threads until it is closed.
 */
public final class LoadedModel implements AutoCloseable {
  private final Path source;
  private final MetaGraphDef metaGraph;
  private final Session session;
  private final Map<String, Signature> signatures;
  private final Device device;
  private final Optional<Manifest> manifest;
  private final Map<VaeFunction, BatchFunction> functions = new ConcurrentHashMap<>();

  /**
   * The posterior of a batch of images.
   *
   * @param zMean its mean, [batch][latent]
   * @param zStd the logarithm of its variance, [batch][latent]
   */
  public record Posterior(float[][] zMean, float[][] zStd) {}

  /**
   * Takes ownership of the session and its graph.
   *
   * @param source where the model was loaded from
   * @param metaGraph the graph with signatures and collections
   * @param session of {@link Sessions#onCallersThread}, on the device
   * @param manifest what the source was checked against, if it has one
   */
  LoadedModel(
      Path source,
      MetaGraphDef metaGraph,
      Session session,
      Collection<Signature> signatures,
      Device device,
      Optional<Manifest> manifest) {
    this.source = source;
    this.manifest = manifest;
    this.device = device;
    this.metaGraph = metaGraph;
    this.session = session;
    this.signatures =
        signatures.stream().collect(Collectors.toMap(Signature::key, Function.identity()));
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
    writeTo(folder, codes());
  }

  /**
   * Writes it as a SavedModel, with codes of its own.
   *
   * @param codes what it has encoded; nothing to have none
   * @throws IOException if the folder can't be written
   */
  public void writeTo(Path folder, Optional<ImageCodes> codes) throws IOException {
    SavedModelWriter.write(inSession(), manifest.flatMap(Manifest::training), codes, folder);
  }

  /**
   * What it has encoded, and brings with it.
   *
   * @return nothing if it brings no codes
   * @throws ModelException if they are damaged
   */
  public Optional<ImageCodes> codes() throws ModelException {
    Optional<ImageCodes> codes = ImageCodes.in(source);
    if (codes.isPresent() && codes.get().latent() != latentSize()) {
      throw new ModelException(
          source.resolve(ImageCodes.FOLDER),
          "expected codes of %d dimensions, as z has, found %d"
              .formatted(latentSize(), codes.get().latent()));
    }
    return codes;
  }

  /**
   * Writes it as TF1's saver does; see {@link Tf1Export}.
   *
   * @param addition what the meta graph gets beside the model, such as an input pipeline
   * @throws WriteException if it can't be written
   */
  public void export(Path prefix, UnaryOperator<MetaGraphDef> addition) throws WriteException {
    Tf1Export.write(inSession().with(addition.apply(metaGraph)), prefix);
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

  /**
   * The values in an image.
   *
   * @throws ModelException if the model can't reconstruct
   */
  public int inputSize() throws ModelException {
    Signature signature = VaeFunction.RECONSTRUCT.in(signatures, source);
    return (int) VaeFunction.RECONSTRUCT.inputOf(signature).shape.get(1);
  }

  /** Whether it offers to encode; a model brought over from TF1 may not. */
  public boolean canEncode() {
    return signatures.containsKey(VaeFunction.ENCODE.key());
  }

  /**
   * The dimensions of z.
   *
   * @throws ModelException if the model can't generate
   */
  public int latentSize() throws ModelException {
    Signature signature = VaeFunction.GENERATE.in(signatures, source);
    Shape shape = VaeFunction.GENERATE.inputOf(signature).shape;
    if (shape.get(1) < 1) {
      throw new ModelException(source, "expected noise [batch, latent], found shape " + shape);
    }
    return (int) shape.get(1);
  }

  /**
   * Decodes noise; neither the encoder nor an image is touched.
   *
   * @param noise z, [batch][latent]
   * @return x̂ in [0, 1], [batch][input]
   * @throws ModelException if the model offers no such function, or TensorFlow can't compute it
   * @throws IllegalArgumentException if the rows differ in length, or the arguments in rows
   */
  public float[][] generate(float[][] noise) throws ModelException {
    return call(VaeFunction.GENERATE, noise)[0];
  }

  /**
   * Decodes noise, but for the last sigmoid.
   *
   * @param noise z, [batch][latent]
   * @return the logits of x̂, [batch][input]
   * @throws ModelException if the decoder doesn't end in a sigmoid, or as {@link #generate}
   */
  public float[][] logits(float[][] noise) throws ModelException {
    Signature signature = VaeFunction.GENERATE.in(signatures, source);
    TensorName image = TensorName.parse(VaeFunction.GENERATE.outputsOf(signature).get(0));
    GraphOperation last = session.graph().operationOrThrow(image.op());
    if (!last.type().equals(Sigmoid.OP_NAME)) {
      throw new ModelException(
          source,
          "expected a decoder that ends in a sigmoid, found that it does in " + last.type());
    }
    Output<?> logits = last.input(0);
    return function(VaeFunction.GENERATE)
        .fetching(logits.op().name() + ":" + logits.index())
        .call(noise)[0];
  }

  /**
   * Encodes images.
   *
   * @param images x in [0, 1], [batch][input]
   * @throws ModelException if the model offers no such function, or TensorFlow can't compute it
   * @throws IllegalArgumentException if the rows differ in length, or the arguments in rows
   */
  public Posterior encode(float[][] images) throws ModelException {
    float[][][] posterior = call(VaeFunction.ENCODE, images);
    return new Posterior(posterior[0], posterior[1]);
  }

  /**
   * Encodes images, draws from their posterior, and decodes.
   *
   * @param images x in [0, 1], [batch][input]
   * @return x̂ in [0, 1], [batch][input], another at each call
   * @throws ModelException if the model offers no such function, or TensorFlow can't compute it
   * @throws IllegalArgumentException if the rows differ in length, or the arguments in rows
   */
  public float[][] reconstruct(float[][] images) throws ModelException {
    return call(VaeFunction.RECONSTRUCT, images)[0];
  }

  /**
   * Encodes images, draws with the noise given, and decodes. The noise is fed to the op {@code
   * epsilon}, which models brought over from TF1 may lack.
   *
   * @param images x in [0, 1], [batch][input]
   * @param epsilon ε, [batch][latent]
   * @return x̂ in [0, 1], [batch][input]
   * @throws ModelException if the model offers no such function, or TensorFlow can't compute it
   * @throws IllegalArgumentException if the rows differ in length, or the arguments in rows
   */
  public float[][] reconstruct(float[][] images, float[][] epsilon) throws ModelException {
    return function(VaeFunction.RECONSTRUCT)
        .with(Tf1Names.tensor(Tf1Names.EPSILON))
        .call(images, epsilon)[0];
  }

  /** The functions that it offers, by key. */
  public SortedMap<String, ModelSignature> signatures() {
    SortedMap<String, ModelSignature> found = new TreeMap<>();
    signatures.forEach((key, signature) -> found.put(key, ModelSignature.of(signature)));
    return found;
  }

  /**
   * Computes any of its functions, of matrices.
   *
   * @param key the function's
   * @param inputs all that it takes, by name, each [batch][]
   * @return all that it gives, by name, each [batch][]
   * @throws ModelException if TensorFlow can't compute it
   * @throws IllegalArgumentException if there is no such function, or it takes other inputs
   */
  public SortedMap<String, float[][]> predict(String key, Map<String, float[][]> inputs)
      throws ModelException {
    Signature signature = signatures.get(key);
    if (signature == null || !signature.inputNames().equals(inputs.keySet())) {
      throw new IllegalArgumentException("no function %s of %s".formatted(key, inputs.keySet()));
    }
    List<String> names = List.copyOf(inputs.keySet());
    SortedMap<String, float[][]> outputs = new TreeMap<>();
    signature.outputNames().forEach(name -> outputs.put(name, new float[0][]));
    float[][][] values =
        BatchFunction.of(
                source,
                session,
                key,
                names.stream().map(name -> tensor(signature.getInputs(), name)).toList(),
                outputs.keySet().stream()
                    .map(name -> tensor(signature.getOutputs(), name))
                    .toList(),
                device == Device.CPU
                    && ModelSignature.of(signature).inputs().values().stream()
                        .allMatch(ModelSignature.NamedTensor::isOfAnyBatch))
            .call(names.stream().map(inputs::get).toArray(float[][][]::new));
    int output = 0;
    for (var entry : outputs.entrySet()) {
      entry.setValue(values[output++]);
    }
    return outputs;
  }

  private static String tensor(Map<String, Signature.TensorDescription> tensors, String name) {
    return Objects.requireNonNull(tensors.get(name)).name;
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

  private ModelInSession inSession() {
    return new ModelInSession(session, metaGraph, signatures.values());
  }

  private float[][][] call(VaeFunction function, float[][] argument) throws ModelException {
    return function(function).call(argument);
  }

  private BatchFunction function(VaeFunction function) throws ModelException {
    BatchFunction known = functions.get(function);
    if (known != null) {
      return known;
    }
    Signature signature = function.in(signatures, source);
    boolean divisible =
        device == Device.CPU && function.inputOf(signature).shape.get(0) == Shape.UNKNOWN_SIZE;
    var found = BatchFunction.of(source, session, function, signature, divisible);
    functions.put(function, found);
    return found;
  }

  /** Runs what may fail inside TensorFlow because the model is not what it should be. */
  static <T> T attempt(Path folder, String problem, Supplier<T> action) throws ModelException {
    try {
      return action.get();
    } catch (RuntimeException e) {
      if (!TensorFlowFailure.is(e)) {
        throw e;
      }
      throw new ModelException(folder, problem + ": " + e.getMessage(), e);
    }
  }
}

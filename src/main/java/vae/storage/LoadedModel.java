package vae.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.Signature;
import org.tensorflow.Signature.TensorDescription;
import org.tensorflow.Tensor;
import org.tensorflow.exceptions.TFInvalidArgumentException;
import org.tensorflow.exceptions.TFUnimplementedException;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.StdArrays;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.types.TFloat32;
import vae.config.Device;
import vae.model.Sessions;
import vae.tf1.ListedVariable;
import vae.tf1.Tf1Names;

/**
 * A SavedModel in memory, with the three functions that it offers. It owns the graph, the session
 * and every tensor on the way; callers see arrays. Safe to share between threads until it is
 * closed.
 */
public final class LoadedModel implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LoadedModel.class);

  private final Path folder;
  private final SavedModelBundle bundle;

  /**
   * The posterior of a batch of images.
   *
   * @param zMean its mean, [batch][latent]
   * @param zStd the logarithm of its variance, [batch][latent]
   */
  public record Posterior(float[][] zMean, float[][] zStd) {}

  private LoadedModel(Path folder, SavedModelBundle bundle) {
    this.folder = folder;
    this.bundle = bundle;
  }

  /**
   * Loads a model.
   *
   * @param folder a SavedModel's, as {@link ModelStore#newest} gives it
   * @throws ModelException if the folder is not a SavedModel, or is damaged
   */
  public static LoadedModel open(Path folder, Device device) throws ModelException {
    for (String needed : List.of(SavedModelFiles.GRAPH, SavedModelFiles.VARIABLES_INDEX)) {
      if (!Files.isRegularFile(folder.resolve(needed))) {
        throw new ModelException(folder, "expected a SavedModel, found no " + needed);
      }
    }
    long start = System.nanoTime();
    try {
      var bundle =
          SavedModelBundle.loader(folder.toString())
              .withConfigProto(Sessions.config(device))
              .load();
      LOG.debug("loaded {} in {} ms", folder, (System.nanoTime() - start) / 1_000_000);
      return new LoadedModel(folder, bundle);
    } catch (TensorFlowException | TFInvalidArgumentException | TFUnimplementedException e) {
      throw new ModelException(folder, "expected a whole SavedModel, found: " + e.getMessage(), e);
    }
  }

  /** Where it was loaded from. */
  public Path folder() {
    return folder;
  }

  /** The graph with its signatures and collections, as saved. */
  public MetaGraphDef metaGraph() {
    return bundle.metaGraphDef();
  }

  /** The values in an image. */
  public int inputSize() throws ModelException {
    return width(encodeSignature().getInputs(), VaeSignatures.IMAGE);
  }

  /** The dimensions of z. */
  public int latentSize() throws ModelException {
    return width(generateSignature().getInputs(), VaeSignatures.NOISE);
  }

  /**
   * Decodes noise; neither the encoder nor an image is touched.
   *
   * @param noise z, [batch][latent]
   * @return x̂ in [0, 1], [batch][input]
   * @throws ModelException if the model offers no such function
   */
  public float[][] generate(float[][] noise) throws ModelException {
    Signature signature = generateSignature();
    try (TFloat32 z = tensor(noise);
        Result result = call(signature, Map.of(VaeSignatures.NOISE, z))) {
      return array(result, VaeSignatures.IMAGE);
    }
  }

  /**
   * Encodes images.
   *
   * @param images x in [0, 1], [batch][input]
   * @throws ModelException if the model offers no such function
   */
  public Posterior encode(float[][] images) throws ModelException {
    Signature signature = encodeSignature();
    try (TFloat32 x = tensor(images);
        Result result = call(signature, Map.of(VaeSignatures.IMAGE, x))) {
      return new Posterior(array(result, VaeSignatures.Z_MEAN), array(result, VaeSignatures.Z_STD));
    }
  }

  /**
   * Encodes images, draws with the noise given, and decodes.
   *
   * @param images x in [0, 1], [batch][input]
   * @param epsilon ε, [batch][latent]
   * @return x̂ in [0, 1], [batch][input]
   * @throws ModelException if the model offers no such function
   */
  public float[][] reconstruct(float[][] images, float[][] epsilon) throws ModelException {
    Signature signature =
        requireSignature(VaeSignatures.RECONSTRUCT, VaeSignatures.IMAGE, VaeSignatures.RECON);
    try (TFloat32 x = tensor(images);
        TFloat32 eps = tensor(epsilon);
        Result result =
            run(
                signature,
                () ->
                    bundle
                        .session()
                        .runner()
                        .feed(tensor(signature.getInputs(), VaeSignatures.IMAGE).name, x)
                        .feed(Tf1Names.tensor(Tf1Names.EPSILON), eps)
                        .fetch(tensor(signature.getOutputs(), VaeSignatures.RECON).name)
                        .run())) {
      return StdArrays.array2dCopyOf((TFloat32) result.get(0));
    }
  }

  /**
   * The shapes of the values of a collection's variables, by name and in the collection's order:
   * {@code for i in sess.run(graph.get_collection(key)): print(i.shape)}.
   */
  public Map<String, Shape> fetchShapes(String collection) throws IOException {
    List<ListedVariable> variables = ListedVariable.of(metaGraph(), collection);
    Map<String, Shape> shapes = new LinkedHashMap<>();
    if (variables.isEmpty()) {
      return shapes; // TensorFlow runs nothing without a fetch.
    }
    Session.Runner runner = bundle.session().runner();
    variables.forEach(variable -> runner.fetch(Tf1Names.tensor(variable.op())));
    try (Result values = runner.run()) {
      for (int i = 0; i < variables.size(); i++) {
        shapes.put(variables.get(i).op(), values.get(i).shape());
      }
    }
    return shapes;
  }

  @Override
  public void close() {
    bundle.close();
  }

  private Signature encodeSignature() throws ModelException {
    return requireSignature(
        VaeSignatures.ENCODE, VaeSignatures.IMAGE, VaeSignatures.Z_MEAN, VaeSignatures.Z_STD);
  }

  private Signature generateSignature() throws ModelException {
    return requireSignature(VaeSignatures.GENERATE, VaeSignatures.NOISE, VaeSignatures.IMAGE);
  }

  private Signature requireSignature(String key, String input, String... outputs)
      throws ModelException {
    var found = new TreeSet<String>();
    for (Signature signature : bundle.signatures()) {
      if (signature.key().equals(key)
          && signature.inputNames().equals(Set.of(input))
          && signature.outputNames().containsAll(List.of(outputs))) {
        return signature;
      }
      found.add(
          "%s (%s -> %s)"
              .formatted(
                  signature.key(),
                  String.join(", ", new TreeSet<>(signature.inputNames())),
                  String.join(", ", new TreeSet<>(signature.outputNames()))));
    }
    throw new ModelException(
        folder,
        "expected a signature %s (%s -> %s), found %s"
            .formatted(key, input, String.join(", ", outputs), found));
  }

  private Result call(Signature signature, Map<String, Tensor> arguments) throws ModelException {
    return run(signature, () -> bundle.function(signature.key()).call(arguments));
  }

  private Result run(Signature signature, Supplier<Result> run) throws ModelException {
    try {
      return run.get();
    } catch (TensorFlowException | TFInvalidArgumentException | TFUnimplementedException e) {
      throw new ModelException(folder, signature.key() + " failed: " + e.getMessage(), e);
    }
  }

  private static int width(Map<String, TensorDescription> tensors, String name) {
    return (int) tensor(tensors, name).shape.get(1);
  }

  private static TensorDescription tensor(Map<String, TensorDescription> tensors, String name) {
    return Objects.requireNonNull(tensors.get(name)); // requireSignature saw it.
  }

  private static TFloat32 tensor(float[][] values) {
    return TFloat32.tensorOf(StdArrays.ndCopyOf(values));
  }

  private static float[][] array(Result result, String output) {
    return StdArrays.array2dCopyOf((TFloat32) result.get(output).orElseThrow());
  }
}

package vae.storage;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import vae.storage.ModelSignature.NamedTensor;
import vae.tensor.ElementType;
import vae.tensor.Values;
import vae.tf1.Tf1Names;

/**
 * What a model does as a VAE: encode, decode, and both. A z is a row of floats. An image is a row
 * of any shape that has as many values as the model's; what the model makes has the model's own
 * shape. Values are float, whatever the graph computes in.
 */
public final class VaeFunctions {
  private final ModelFunctions functions;
  private final Optional<String> asked;
  private final Map<VaeFunction, Call> calls = new ConcurrentHashMap<>(); // Each looked at once.
  private volatile Optional<VaeFunction> generator = Optional.empty();

  /** A function, and what its rows are fed as. */
  @SuppressWarnings("ArrayRecordComponent") // Only read; never compared.
  private record Call(ModelFunction function, ElementType type, int[] rowShape, int rowSize) {}

  /**
   * Of a model.
   *
   * @param asked the signature that makes images, where a user names one
   */
  VaeFunctions(ModelFunctions functions, Optional<String> asked) {
    this.functions = functions;
    this.asked = asked;
  }

  /**
   * The shape of an image that it takes, without the batch.
   *
   * @throws ModelException if the model can neither encode nor reconstruct
   */
  public int[] inputShape() throws ModelException {
    return call(canEncode() ? VaeFunction.ENCODE : VaeFunction.RECONSTRUCT).rowShape.clone();
  }

  /**
   * The values in an image that it takes.
   *
   * @throws ModelException as {@link #inputShape}
   */
  public int inputSize() throws ModelException {
    return Arrays.stream(inputShape()).reduce(1, Math::multiplyExact);
  }

  /**
   * The shape of an image that it makes, without the batch.
   *
   * @throws ModelException if the model can't generate
   */
  public int[] imageShape() throws ModelException {
    VaeFunction generator = generator();
    NamedTensor image =
        generator
            .in(functions.signatures(), functions.source())
            .outputs()
            .get(generator.outputs().get(0));
    return Objects.requireNonNull(image).rowShape().orElseThrow();
  }

  /** Whether it offers to encode; a model brought over from TF1 may not. */
  public boolean canEncode() {
    return functions.signatures().containsKey(VaeFunction.ENCODE.key());
  }

  /** Whether it makes images of a code. */
  public boolean canGenerate() {
    try {
      generator();
      return true;
    } catch (ModelException e) {
      return false;
    }
  }

  /**
   * The dimensions of z.
   *
   * @throws ModelException if the model can't generate
   */
  public int latentSize() throws ModelException {
    return call(generator()).rowSize;
  }

  /**
   * How it takes z's.
   *
   * @throws ModelException if the model can't generate
   */
  public Batching batching() throws ModelException {
    return call(generator()).function.batching();
  }

  /**
   * Decodes noise; neither the encoder nor an image is touched.
   *
   * @param noise z, [batch, latent]
   * @return x̂, mostly in [0, 1], [batch, …]
   * @throws ModelException if the model offers no such function, or TensorFlow can't compute it
   * @throws IllegalArgumentException if the noise is of another size
   */
  public Values generate(Values noise) throws ModelException {
    Call call = call(generator());
    return floats(call.function, fed(call, noise)).get(0);
  }

  /**
   * Decodes noise, but for the last sigmoid.
   *
   * @param noise z, [batch, latent]
   * @return the logits of x̂, [batch, …]
   * @throws ModelException if the decoder doesn't end in a sigmoid, or as {@link #generate}
   */
  public Values logits(Values noise) throws ModelException {
    Call call = call(generator());
    return floats(functions.logits(call.function), fed(call, noise)).get(0);
  }

  /**
   * Encodes images.
   *
   * @param images x in [0, 1], [batch, …]
   * @throws ModelException if the model offers no such function, or TensorFlow can't compute it
   * @throws IllegalArgumentException if the images are of another size
   */
  public Posterior encode(Values images) throws ModelException {
    Call call = call(VaeFunction.ENCODE);
    List<Values> found = floats(call.function, fed(call, images));
    return new Posterior(found.get(0).matrix(), found.get(1).matrix());
  }

  /**
   * Encodes images, draws from their posterior, and decodes.
   *
   * @param images x in [0, 1], [batch, …]
   * @return x̂, [batch, …], another at each call
   * @throws ModelException if the model offers no such function, or TensorFlow can't compute it
   * @throws IllegalArgumentException if the images are of another size
   */
  public Values reconstruct(Values images) throws ModelException {
    Call call = call(VaeFunction.RECONSTRUCT);
    return floats(call.function, fed(call, images)).get(0);
  }

  /**
   * Encodes images, draws with the noise given, and decodes. The noise is fed to the op {@code
   * epsilon}, which models brought over from TF1 may lack.
   *
   * @param images x in [0, 1], [batch, …]
   * @param epsilon ε, [batch, latent]
   * @return x̂, [batch, …]
   * @throws ModelException if the model offers no such function, or TensorFlow can't compute it
   * @throws IllegalArgumentException if the arguments differ in rows, or are of another size
   */
  public Values reconstruct(Values images, Values epsilon) throws ModelException {
    Call call = call(VaeFunction.RECONSTRUCT);
    ModelFunction function = call.function.with(Tf1Names.tensor(Tf1Names.EPSILON));
    return floats(function, fed(call, images), epsilon).get(0);
  }

  private VaeFunction generator() throws ModelException {
    Optional<VaeFunction> known = generator;
    if (known.isPresent()) {
      return known.get();
    }
    VaeFunction found = VaeFunction.generator(functions.signatures(), asked, functions.source());
    generator = Optional.of(found);
    return found;
  }

  private Call call(VaeFunction function) throws ModelException {
    Call known = calls.get(function);
    if (known != null) {
      return known;
    }
    ModelSignature signature = function.in(functions.signatures(), functions.source());
    NamedTensor input = Objects.requireNonNull(signature.inputs().get(function.input()));
    var found =
        new Call(
            functions.of(signature, function.outputs()),
            input.type().orElseThrow(),
            input.rowShape().orElseThrow(),
            input.rowSize().orElseThrow());
    calls.put(function, found);
    return found;
  }

  /** Rows in the shape and type of a function's input. */
  private static Values fed(Call call, Values rows) {
    if (rows.rank() == 0 || (rows.rowSize() != call.rowSize && rows.rows() > 0)) {
      throw new IllegalArgumentException(
          "expected rows of %,d values, found %s".formatted(call.rowSize, rows));
    }
    if (rows.rows() == 0) {
      return Values.ofNoRows(call.type, call.rowShape);
    }
    Values typed = rows.as(call.type);
    return typed.rank() == 2 && call.rowShape.length == 1 ? typed : typed.withRows(call.rowShape);
  }

  private static List<Values> floats(ModelFunction function, Values... arguments)
      throws ModelException {
    List<Values> results = function.call(List.of(arguments));
    List<Values> floats = new ArrayList<>(results.size());
    for (Values result : results) {
      if (result.rank() == 0 || result.rows() != arguments[0].rows()) {
        throw function.ofOtherRows(arguments[0].rows(), result.toString());
      }
      floats.add(result.as(ElementType.FLOAT));
    }
    return floats;
  }
}

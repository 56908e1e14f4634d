package vae.storage;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
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
  private volatile Optional<VaeFunction> generator = Optional.empty(); // Looked for once.

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
   * The values in an image.
   *
   * @throws ModelException if the model can't reconstruct
   */
  public int inputSize() throws ModelException {
    return image(VaeFunction.RECONSTRUCT).rowSize().orElseThrow();
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
    return image(generator()).rowSize().orElseThrow();
  }

  /**
   * How it takes z's.
   *
   * @throws ModelException if the model can't generate
   */
  public Batching batching() throws ModelException {
    return functions.of(generator()).batching();
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
    VaeFunction generator = generator();
    return floats(functions.of(generator), fed(image(generator), noise)).get(0);
  }

  /**
   * Decodes noise, but for the last sigmoid.
   *
   * @param noise z, [batch, latent]
   * @return the logits of x̂, [batch, …]
   * @throws ModelException if the decoder doesn't end in a sigmoid, or as {@link #generate}
   */
  public Values logits(Values noise) throws ModelException {
    VaeFunction generator = generator();
    return floats(functions.logits(generator), fed(image(generator), noise)).get(0);
  }

  /**
   * Encodes images.
   *
   * @param images x in [0, 1], [batch, …]
   * @throws ModelException if the model offers no such function, or TensorFlow can't compute it
   * @throws IllegalArgumentException if the images are of another size
   */
  public Posterior encode(Values images) throws ModelException {
    List<Values> found =
        floats(functions.of(VaeFunction.ENCODE), fed(image(VaeFunction.ENCODE), images));
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
    VaeFunction function = VaeFunction.RECONSTRUCT;
    return floats(functions.of(function), fed(image(function), images)).get(0);
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
    VaeFunction function = VaeFunction.RECONSTRUCT;
    return floats(
            functions.of(function).with(Tf1Names.tensor(Tf1Names.EPSILON)),
            fed(image(function), images),
            epsilon)
        .get(0);
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

  /** A function's one input. */
  private NamedTensor image(VaeFunction function) throws ModelException {
    ModelSignature signature = function.in(functions.signatures(), functions.source());
    return Objects.requireNonNull(signature.inputs().get(function.input()));
  }

  /** Rows in the shape and type of a tensor. */
  private static Values fed(NamedTensor tensor, Values rows) {
    int size = tensor.rowSize().orElseThrow();
    if (rows.rank() == 0 || (rows.rowSize() != size && rows.rows() > 0)) {
      throw new IllegalArgumentException(
          "expected rows of %,d values, found %s".formatted(size, rows));
    }
    return rows.as(tensor.type().orElseThrow()).withRows(tensor.rowShape().orElseThrow());
  }

  private static List<Values> floats(ModelFunction function, Values... arguments)
      throws ModelException {
    List<Values> results = function.call(List.of(arguments));
    for (Values result : results) {
      if (result.rank() == 0 || result.rows() != arguments[0].rows()) {
        throw function.ofOtherRows(arguments[0].rows(), result.toString());
      }
    }
    return results.stream().map(values -> values.as(ElementType.FLOAT)).toList();
  }
}

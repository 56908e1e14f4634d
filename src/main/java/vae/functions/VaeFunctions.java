package vae.functions;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import vae.files.ModelException;
import vae.functions.ModelSignature.NamedTensor;
import vae.tensor.ElementType;
import vae.tensor.Values;
import vae.tf1.Tf1Names;

/**
 * What a model does as a VAE: encode, decode, and both. A z is a row of floats. An image is a row
 * of any shape that has as many values as the model's; what the model makes has the model's own
 * shape. Values are float, whatever the graph computes in.
 *
 * <p>A method throws {@link ModelException} if the model offers no such function, or TensorFlow
 * can't compute it, and {@link IllegalArgumentException} if what it is given has rows of another
 * size.
 */
public final class VaeFunctions {
  private final ModelFunctions functions;
  private final Optional<String> asked;
  private final Map<String, Values> given;
  private final Map<VaeFunction, Call> calls = new ConcurrentHashMap<>(); // Each looked at once.
  private volatile Optional<VaeFunction> generator = Optional.empty();

  /**
   * How other programs have a model make images: a signature, and names of its tensors.
   *
   * @param signature its key
   * @param noise the input that takes z
   * @param shape of a z there, without the batch; mostly [latent]
   * @param image the output that gives the images
   * @param others what it is fed beside z, such as labels
   */
  public record GeneratorCall(
      String signature, String noise, List<Integer> shape, String image, List<String> others) {

    /** Keeps copies. */
    public GeneratorCall {
      shape = List.copyOf(shape);
      others = List.copyOf(others);
    }
  }

  /**
   * A function, and what its rows are fed as.
   *
   * @param inputs the names of all that it is fed, in the function's order
   * @param main the place of the rows among them
   */
  @SuppressWarnings("ArrayRecordComponent") // Only read; never compared.
  private record Call(
      ModelFunction function,
      ElementType type,
      int[] rowShape,
      int rowSize,
      List<String> inputs,
      int main) {}

  /**
   * Of a model.
   *
   * @param asked the signature that makes images, where a user names one
   */
  public VaeFunctions(ModelFunctions functions, Optional<String> asked) {
    this(functions, asked, Map.of());
  }

  private VaeFunctions(
      ModelFunctions functions, Optional<String> asked, Map<String, Values> given) {
    this.functions = functions;
    this.asked = asked;
    this.given = Map.copyOf(given);
  }

  /**
   * The same for a model that wants more than codes or images, such as labels.
   *
   * @param others what else it is fed, by name, in rows: fewer than a batch has are used again from
   *     the first
   */
  public VaeFunctions given(Map<String, Values> others) {
    return new VaeFunctions(functions, asked, others);
  }

  /** What it is fed beside codes and images, by name. */
  public SortedMap<String, NamedTensor> others() {
    SortedMap<String, NamedTensor> others = new TreeMap<>();
    for (VaeFunction each : VaeFunction.ALL) {
      ModelSignature signature = functions.signatures().get(each.key());
      if (signature != null && signature.inputs().containsKey(each.input())) {
        others.putAll(signature.inputs());
        others.remove(each.input());
      }
    }
    return others;
  }

  /**
   * The shape of an image that it takes, without the batch.
   *
   * @throws ModelException if the model can neither encode nor reconstruct
   */
  public int[] inputShape() throws ModelException {
    return call(encoder().orElse(VaeFunction.RECONSTRUCT)).rowShape.clone();
  }

  /** The values in an image that it takes. */
  public int inputSize() throws ModelException {
    return Arrays.stream(inputShape()).reduce(1, Math::multiplyExact);
  }

  /** The shape of an image that it makes, without the batch. */
  public int[] imageShape() throws ModelException {
    VaeFunction generator = generator();
    NamedTensor image =
        generator
            .in(functions.signatures(), functions.source())
            .outputs()
            .get(generator.outputs().get(0));
    return Objects.requireNonNull(image).rowShape().orElseThrow();
  }

  /** Whether it encodes images to a posterior; a model brought over from TF1 may not. */
  public boolean canEncode() {
    return gives(VaeFunction.ENCODE);
  }

  /** Whether it encodes images, be it to a mean or to a code alone. */
  public boolean hasCodes() {
    return encoder().isPresent();
  }

  /** Whether its codes are drawn from a prior; an autoencoder's are not. */
  public boolean hasPrior() {
    return !gives(VaeFunction.CODE);
  }

  /** The one of which most is known. */
  private Optional<VaeFunction> encoder() {
    return Stream.of(VaeFunction.ENCODE, VaeFunction.MEAN, VaeFunction.CODE)
        .filter(this::gives)
        .findFirst();
  }

  private boolean gives(VaeFunction function) {
    ModelSignature signature = functions.signatures().get(function.key());
    return signature != null && signature.outputs().keySet().containsAll(function.outputs());
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

  /** The dimensions of z. */
  public int latentSize() throws ModelException {
    return call(generator()).rowSize;
  }

  /** How other programs have it make images. */
  public GeneratorCall generatorCall() throws ModelException {
    VaeFunction function = generator();
    Call call = call(function);
    List<String> others = new ArrayList<>(call.inputs);
    others.remove(function.input());
    return new GeneratorCall(
        function.key(),
        function.input(),
        Arrays.stream(call.rowShape).boxed().toList(),
        function.outputs().get(0),
        others);
  }

  /** How it takes z's. */
  public Batching batching() throws ModelException {
    return call(generator()).function.batching();
  }

  /**
   * Decodes noise; neither the encoder nor an image is touched.
   *
   * @param noise z, [batch, latent]
   * @return x̂, mostly in [0, 1], [batch, …]
   */
  public Values generate(Values noise) throws ModelException {
    return only(generator(), noise);
  }

  /**
   * Decodes noise, but for the last sigmoid.
   *
   * @param noise z, [batch, latent]
   * @return the logits of x̂, [batch, …]
   * @throws ModelException also if the decoder doesn't end in a sigmoid
   */
  public Values logits(Values noise) throws ModelException {
    Call call = call(generator());
    return floats(functions.logits(call.function), fed(call, noise)).get(0);
  }

  /**
   * Encodes images.
   *
   * @param images x in [0, 1], [batch, …]
   */
  public Posterior encode(Values images) throws ModelException {
    if (!canEncode() && hasCodes()) {
      throw new ModelException(
          functions.source(),
          hasPrior()
              ? "expected a model that encodes to a mean and a variance, found a mean alone"
              : "expected a VAE, found an autoencoder: its codes have no prior and no variance");
    }
    Call call = call(VaeFunction.ENCODE);
    List<Values> found = floats(call.function, fed(call, images));
    return new Posterior(found.get(0).matrix(), found.get(1).matrix());
  }

  /**
   * Encodes images to what the model can tell of their codes.
   *
   * @param images x in [0, 1], [batch, …]
   * @return their posterior; where there is a mean or a code alone, z_std has rows of no values
   */
  public Posterior codes(Values images) throws ModelException {
    VaeFunction encoder = encoder().orElse(VaeFunction.ENCODE);
    if (encoder.equals(VaeFunction.ENCODE)) {
      return encode(images);
    }
    float[][] codes = only(encoder, images).matrix();
    return new Posterior(codes, new float[codes.length][0]);
  }

  /**
   * Encodes images, draws from their posterior, and decodes.
   *
   * @param images x in [0, 1], [batch, …]
   * @return x̂, [batch, …], another at each call
   */
  public Values reconstruct(Values images) throws ModelException {
    return only(VaeFunction.RECONSTRUCT, images);
  }

  /**
   * Encodes images, draws with the noise given, and decodes. The noise is fed to the op {@code
   * epsilon}, which models brought over from TF1 may lack.
   *
   * @param images x in [0, 1], [batch, …]
   * @param epsilon ε, [batch, latent]
   * @return x̂, [batch, …]
   * @throws IllegalArgumentException also if the arguments differ in rows
   */
  public Values reconstruct(Values images, Values epsilon) throws ModelException {
    Call call = call(VaeFunction.RECONSTRUCT);
    ModelFunction function = call.function.with(Tf1Names.tensor(Tf1Names.EPSILON));
    List<Values> fed = new ArrayList<>(fed(call, images));
    fed.add(epsilon);
    return floats(function, fed).get(0);
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
            input.rowSize().orElseThrow(),
            List.copyOf(signature.inputs().keySet()),
            signature.inputs().headMap(function.input()).size());
    calls.put(function, found);
    return found;
  }

  /** Rows in the shape and type of a function's input, with all else that it is fed. */
  private List<Values> fed(Call call, Values rows) throws ModelException {
    if (rows.rank() == 0 || (rows.rowSize() != call.rowSize && rows.rows() > 0)) {
      throw new IllegalArgumentException(
          "expected rows of %,d values, found %s".formatted(call.rowSize, rows));
    }
    List<Values> fed = new ArrayList<>();
    for (String name : call.inputs) {
      fed.add(
          fed.size() == call.main
              ? shaped(call, rows)
              : other(call.function.inputs().get(fed.size()), name, rows.rows()));
    }
    return fed;
  }

  private static Values shaped(Call call, Values rows) {
    if (rows.rows() == 0) {
      return Values.ofNoRows(call.type, call.rowShape);
    }
    Values typed = rows.as(call.type);
    return typed.rank() == 2 && call.rowShape.length == 1 ? typed : typed.withRows(call.rowShape);
  }

  private Values other(NamedTensor input, String name, int rows) throws ModelException {
    Values values = given.get(name);
    if (values == null || !input.takes(values)) {
      throw new ModelException(
          functions.source(),
          "expected a value of the input %s, %s; --input %s=VALUES gives it; found %s"
              .formatted(name, input, name, values == null ? "none" : values));
    }
    if (values.rank() == 0 || values.rows() == rows) {
      return values;
    }
    List<Values> repeated = new ArrayList<>();
    for (int left = rows; left > 0; left -= values.rows()) {
      repeated.add(values.part(0, Math.min(left, values.rows())));
    }
    return repeated.isEmpty()
        ? Values.ofNoRows(values.type(), values.rowShape())
        : Values.joined(repeated);
  }

  /** The one output of a function, of floats. */
  private Values only(VaeFunction function, Values rows) throws ModelException {
    Call call = call(function);
    return floats(call.function, fed(call, rows)).get(0);
  }

  private static List<Values> floats(ModelFunction function, List<Values> arguments)
      throws ModelException {
    int rows = arguments.stream().filter(each -> each.rank() > 0).findFirst().orElseThrow().rows();
    List<Values> results = function.call(arguments);
    List<Values> floats = new ArrayList<>(results.size());
    for (Values result : results) {
      if (result.rank() == 0 || result.rows() != rows) {
        throw function.ofOtherRows(rows, result.toString());
      }
      floats.add(result.as(ElementType.FLOAT));
    }
    return floats;
  }
}

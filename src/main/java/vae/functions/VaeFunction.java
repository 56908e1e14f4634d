package vae.functions;

import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import vae.files.ModelException;
import vae.functions.ModelSignature.NamedTensor;
import vae.model.VaeGraph;
import vae.tensor.ElementType;
import vae.tf1.Tf1Names;

/**
 * A function of a VAE's, and the names by which others call it: a signature of tensors of numbers,
 * a row a z or an image.
 *
 * @param key the signature's key
 * @param input the name of its one input
 * @param outputs the names of its outputs
 */
public record VaeFunction(String key, String input, List<String> outputs) {
  public static final String IMAGE = Tf1Names.IMAGE;
  static final String NOISE = Tf1Names.NOISE;
  static final String RECON = Tf1Names.RECON;
  static final String Z_MEAN = Tf1Names.Z_MEAN;
  static final String Z_STD = Tf1Names.Z_STD;

  /** From images to one draw of their posterior, decoded. */
  static final VaeFunction RECONSTRUCT =
      new VaeFunction(Tf1Names.SERVING_DEFAULT, IMAGE, List.of(RECON));

  /** From images to their posterior. */
  public static final VaeFunction ENCODE =
      new VaeFunction(Tf1Names.ENCODE, IMAGE, List.of(Z_MEAN, Z_STD));

  /** From images to the mean of their posterior, where no more is known. */
  static final VaeFunction MEAN = new VaeFunction(ENCODE.key, IMAGE, List.of(Z_MEAN));

  /** From images to an autoencoder's codes. */
  static final VaeFunction CODE = new VaeFunction(ENCODE.key, IMAGE, List.of(Tf1Names.CODE));

  /** From noise to images: the decoder alone. */
  static final VaeFunction GENERATE = new VaeFunction(Tf1Names.GENERATE, NOISE, List.of(IMAGE));

  static final List<VaeFunction> ALL = List.of(RECONSTRUCT, ENCODE, GENERATE);

  private static final String PREDICT = "tensorflow/serving/predict";

  /** The three signatures of a graph, by key. */
  static Map<String, SignatureDef> signatures(VaeGraph vae) {
    Map<String, SignatureDef> signatures = new LinkedHashMap<>();
    signatures.put(RECONSTRUCT.key, RECONSTRUCT.signature(vae.x(), vae.recon()));
    signatures.put(
        ENCODE.key, ENCODE.signature(vae.x(), vae.encoding().zMean(), vae.encoding().zStd()));
    signatures.put(
        GENERATE.key, GENERATE.signature(vae.generator().noiseInput(), vae.generator().image()));
    return signatures;
  }

  /**
   * This function's signature by tensors of a graph.
   *
   * @param values in the order of the outputs' names
   */
  SignatureDef signature(Operand<?> argument, Operand<?>... values) {
    var signature =
        SignatureDef.newBuilder().setMethodName(PREDICT).putInputs(input, tensor(argument));
    for (int i = 0; i < values.length; i++) {
      signature.putOutputs(outputs.get(i), tensor(values[i]));
    }
    return signature.build();
  }

  private static TensorInfo tensor(Operand<?> operand) {
    Output<?> output = operand.asOutput();
    Shape shape = output.shape();
    return new NamedTensor(
            output.op().name() + ":" + output.index(),
            output.dataType().name(),
            shape.isUnknown() ? Optional.empty() : Optional.of(shape.asArray()))
        .info();
  }

  /**
   * The function that makes images of a code: the signature {@code generate}, else the only one of
   * this kind.
   *
   * @param signatures a model's, by key
   * @param asked the signature that is meant, where a user names one
   * @throws ModelException if the model in {@code folder} has none, or several
   */
  static VaeFunction generator(
      SortedMap<String, ModelSignature> signatures, Optional<String> asked, Path folder)
      throws ModelException {
    if (asked.isEmpty() && signatures.containsKey(GENERATE.key)) {
      return asGenerator(signatures.get(GENERATE.key)).orElse(GENERATE);
    }
    List<VaeFunction> found =
        signatures.values().stream()
            .filter(signature -> asked.isEmpty() || asked.get().equals(signature.key()))
            .map(VaeFunction::asGenerator)
            .flatMap(Optional::stream)
            .toList();
    if (found.size() == 1) {
      return found.get(0);
    }
    if (found.isEmpty()) {
      throw new ModelException(
          folder,
          ("expected a signature %s that makes images of a code [batch, latent], found %s; serve answers"
                  + " calls of those")
              .formatted(asked.orElse(GENERATE.key), signatures.values()));
    }
    throw new ModelException(
        folder,
        "expected one signature that makes images of a code, found %s; --signature NAME names it"
            .formatted(found.stream().map(VaeFunction::key).toList()));
  }

  /** One input [batch, latent], one output of more values than that, or one named image. */
  private static Optional<VaeFunction> asGenerator(ModelSignature signature) {
    boolean isOurs = signature.key().equals(GENERATE.key) && signature.inputs().containsKey(NOISE);
    if (signature.inputs().size() != 1 && !isOurs) {
      return Optional.empty();
    }
    String input = isOurs ? NOISE : signature.inputs().firstKey();
    NamedTensor code = Objects.requireNonNull(signature.inputs().get(input));
    List<String> images =
        signature.outputs().entrySet().stream()
            .filter(
                output ->
                    isRows(output.getValue())
                        && (isOurs
                            || code.rowSize().orElse(0) < output.getValue().rowSize().orElse(0)))
            .map(Map.Entry::getKey)
            .toList();
    boolean isCode = isRows(code) && code.rowShape().orElseThrow().length == 1;
    if (!isCode || images.isEmpty() || (images.size() > 1 && !images.contains(IMAGE))) {
      return Optional.empty();
    }
    String image = images.contains(IMAGE) ? IMAGE : images.get(0);
    return Optional.of(new VaeFunction(signature.key(), input, List.of(image)));
  }

  /**
   * Makes sure that a model has this function.
   *
   * @param signatures the model's, by key
   * @return its signature
   * @throws ModelException if the model in {@code folder} has none such
   */
  public ModelSignature in(SortedMap<String, ModelSignature> signatures, Path folder)
      throws ModelException {
    ModelSignature signature = signatures.get(key);
    if (signature == null
        || !signature.inputs().containsKey(input)
        || !signature.outputs().keySet().containsAll(outputs)
        || !Stream.concat(
                Stream.of(signature.inputs().get(input)),
                signature.outputs().entrySet().stream()
                    .filter(output -> outputs.contains(output.getKey()))
                    .map(Map.Entry::getValue))
            .allMatch(VaeFunction::isRows)) {
      Collection<ModelSignature> found = signatures.values();
      throw new ModelException(
          folder,
          "expected a signature %s (%s -> %s) of numbers in rows of a known size, found %s"
              .formatted(key, input, String.join(", ", outputs), found));
    }
    return signature;
  }

  /** Whether it is rows of fractions, each of a known shape. */
  private static boolean isRows(NamedTensor tensor) {
    return tensor.type().filter(ElementType::isFloating).isPresent()
        && tensor.rowSize().filter(size -> size > 0).isPresent()
        && tensor.rowShape().filter(row -> row.length > 0).isPresent();
  }
}

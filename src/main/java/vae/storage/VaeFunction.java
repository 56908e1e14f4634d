package vae.storage;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.tensorflow.Operand;
import org.tensorflow.Signature;
import org.tensorflow.Signature.TensorDescription;
import org.tensorflow.proto.DataType;
import vae.model.VaeGraph;
import vae.tf1.Tf1Names;

/**
 * A function that a model offers, and the names by which others call it: a signature.
 *
 * @param key the signature's key
 * @param input the name of its one input
 * @param outputs the names of its outputs
 */
record VaeFunction(String key, String input, List<String> outputs) {
  static final String IMAGE = "image";
  static final String NOISE = "noise";
  static final String RECON = Tf1Names.RECON;
  static final String Z_MEAN = Tf1Names.Z_MEAN;
  static final String Z_STD = Tf1Names.Z_STD;

  /** From images to one draw of their posterior, decoded. */
  static final VaeFunction RECONSTRUCT =
      new VaeFunction(Signature.DEFAULT_KEY, IMAGE, List.of(RECON));

  /** From images to their posterior. */
  static final VaeFunction ENCODE = new VaeFunction("encode", IMAGE, List.of(Z_MEAN, Z_STD));

  /** From noise to images: the decoder alone. */
  static final VaeFunction GENERATE = new VaeFunction("generate", NOISE, List.of(IMAGE));

  private static final String PREDICT = "tensorflow/serving/predict";

  /** The three signatures of a graph. */
  static List<Signature> signatures(VaeGraph vae) {
    return List.of(
        reconstruct(vae.x(), vae.recon()),
        encode(vae.x(), vae.encoding().zMean(), vae.encoding().zStd()),
        generate(vae.generator().noiseInput(), vae.generator().image()));
  }

  /** The signature of {@link #RECONSTRUCT}. */
  static Signature reconstruct(Operand<?> image, Operand<?> recon) {
    return RECONSTRUCT.builder().input(IMAGE, image).output(RECON, recon).build();
  }

  /** The signature of {@link #ENCODE}. */
  static Signature encode(Operand<?> image, Operand<?> zMean, Operand<?> zStd) {
    return ENCODE.builder().input(IMAGE, image).output(Z_MEAN, zMean).output(Z_STD, zStd).build();
  }

  /** The signature of {@link #GENERATE}. */
  static Signature generate(Operand<?> noise, Operand<?> image) {
    return GENERATE.builder().input(NOISE, noise).output(IMAGE, image).build();
  }

  /**
   * This function's signature in a model.
   *
   * @param signatures the model's, by key
   * @throws ModelException if the model in {@code folder} has none such
   */
  Signature in(Map<String, Signature> signatures, Path folder) throws ModelException {
    Signature signature = signatures.get(key);
    if (signature == null
        || !signature.inputNames().equals(Set.of(input))
        || !signature.outputNames().containsAll(outputs)
        || !Stream.concat(
                signature.getInputs().values().stream(),
                outputs.stream().map(signature.getOutputs()::get))
            .allMatch(VaeFunction::isMatrix)) {
      throw new ModelException(
          folder,
          "expected a signature %s of float32 matrices, found %s"
              .formatted(
                  describe(key, List.of(input), outputs),
                  signatures.values().stream().map(VaeFunction::describe).sorted().toList()));
    }
    return signature;
  }

  /** The tensor of this function's input in its signature, which {@link #in} has seen. */
  TensorDescription inputOf(Signature signature) {
    return Objects.requireNonNull(signature.getInputs().get(input));
  }

  /** The tensors of this function's outputs, in its order. */
  List<String> outputsOf(Signature signature) {
    return outputs.stream()
        .map(output -> Objects.requireNonNull(signature.getOutputs().get(output)).name)
        .toList();
  }

  private static boolean isMatrix(TensorDescription tensor) {
    return tensor.dataType == DataType.DT_FLOAT && tensor.shape.numDimensions() == 2;
  }

  private Signature.Builder builder() {
    return Signature.builder().key(key).methodName(PREDICT);
  }

  private static String describe(Signature signature) {
    return describe(
        signature.key(),
        List.copyOf(new TreeSet<>(signature.inputNames())),
        List.copyOf(new TreeSet<>(signature.outputNames())));
  }

  private static String describe(String key, List<String> inputs, List<String> outputs) {
    return "%s (%s -> %s)".formatted(key, String.join(", ", inputs), String.join(", ", outputs));
  }
}

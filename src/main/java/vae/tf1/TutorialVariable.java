package vae.tf1;

import java.util.List;
import java.util.stream.Stream;

/**
 * The tutorial's ten variables, in the order in which it makes them: its five {@code weights}, then
 * its five {@code biases}.
 */
public enum TutorialVariable {
  ENCODER_H1(Tf1Names.ENCODER_H1, "weights['encoder_h1']", Layer.INPUT, Layer.HIDDEN),
  Z_MEAN_WEIGHTS(Tf1Names.Z_MEAN_WEIGHTS, "weights['z_mean']", Layer.HIDDEN, Layer.LATENT),
  Z_STD_WEIGHTS(Tf1Names.Z_STD_WEIGHTS, "weights['z_std']", Layer.HIDDEN, Layer.LATENT),
  DECODER_H1(Tf1Names.DECODER_H1, "weights['decoder_h1']", Layer.LATENT, Layer.HIDDEN),
  DECODER_OUT(Tf1Names.DECODER_OUT, "weights['decoder_out']", Layer.HIDDEN, Layer.INPUT),
  ENCODER_B1(Tf1Names.ENCODER_B1, "biases['encoder_b1']", Layer.HIDDEN),
  Z_MEAN_BIASES(Tf1Names.Z_MEAN_BIASES, "biases['z_mean']", Layer.LATENT),
  Z_STD_BIASES(Tf1Names.Z_STD_BIASES, "biases['z_std']", Layer.LATENT),
  DECODER_B1(Tf1Names.DECODER_B1, "biases['decoder_b1']", Layer.HIDDEN),
  DECODER_OUT_BIASES(Tf1Names.DECODER_OUT_BIASES, "biases['decoder_out']", Layer.INPUT);

  private enum Layer {
    INPUT,
    HIDDEN,
    LATENT
  }

  private final String op;
  private final String role;

  @SuppressWarnings("ImmutableEnumChecker") // List.of makes lists that can't be changed.
  private final List<Layer> dims;

  TutorialVariable(String op, String role, Layer... dims) {
    this.op = op;
    this.role = role;
    this.dims = List.of(dims);
  }

  /** TF1's name for it, {@code Variable} to {@code Variable_9}. */
  public String op() {
    return op;
  }

  /** What the tutorial calls it: {@code weights['encoder_h1']}. */
  public String role() {
    return role;
  }

  /** Its shape in a network of these sizes: [in, out] of a weight matrix, [out] of a bias. */
  public List<Long> shape(long input, long hidden, long latent) {
    return dims.stream()
        .map(
            layer ->
                switch (layer) {
                  case INPUT -> input;
                  case HIDDEN -> hidden;
                  case LATENT -> latent;
                })
        .toList();
  }

  /** All ten in order. */
  static Stream<TutorialVariable> all() {
    return Stream.of(values());
  }
}

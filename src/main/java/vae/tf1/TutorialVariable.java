package vae.tf1;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

  /**
   * The roles of a model's variables by op name: {@code weights['encoder_h1']}, for a slot {@code
   * mean square of …} or {@code momentum of …}.
   *
   * @param trainable the model's trainable variables
   * @return no roles at all unless the variables' names and shapes are the tutorial's
   */
  public static Map<String, String> roles(List<ListedVariable> trainable) {
    Map<String, String> roles = new LinkedHashMap<>();
    if (isTutorials(trainable)) {
      for (TutorialVariable variable : values()) {
        String op = variable.op;
        String role = variable.role;
        roles.put(op, role);
        roles.put(op + Tf1Names.MEAN_SQUARE_SLOT, "mean square of the gradient of " + role);
        roles.put(op + Tf1Names.MOMENTUM_SLOT, "momentum of " + role);
        roles.put(op + Tf1Names.FIRST_MOMENT_SLOT, "mean of the gradient of " + role);
        roles.put(op + Tf1Names.SECOND_MOMENT_SLOT, "mean square of the gradient of " + role);
      }
    }
    return roles;
  }

  private static boolean isTutorials(List<ListedVariable> trainable) {
    List<String> ops = Stream.of(values()).map(TutorialVariable::op).toList();
    if (!trainable.stream().map(ListedVariable::op).toList().equals(ops)) {
      return false;
    }
    List<List<Long>> shapes = trainable.stream().map(ListedVariable::shape).toList();
    if (shapes.get(0).size() != 2 || shapes.get(1).size() != 2) {
      return false;
    }
    long input = shapes.get(0).get(0);
    long hidden = shapes.get(0).get(1);
    long latent = shapes.get(1).get(1);
    return shapes.equals(
        Stream.of(values()).map(variable -> variable.shape(input, hidden, latent)).toList());
  }
}

package vae.tf1;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What each of TF1's anonymous variables is in the tutorial. */
public final class TutorialRoles {
  private static final Map<String, String> ROLES = new LinkedHashMap<>();

  static {
    ROLES.put(Tf1Names.ENCODER_H1, "weights['encoder_h1']");
    ROLES.put(Tf1Names.Z_MEAN_WEIGHTS, "weights['z_mean']");
    ROLES.put(Tf1Names.Z_STD_WEIGHTS, "weights['z_std']");
    ROLES.put(Tf1Names.DECODER_H1, "weights['decoder_h1']");
    ROLES.put(Tf1Names.DECODER_OUT, "weights['decoder_out']");
    ROLES.put(Tf1Names.ENCODER_B1, "biases['encoder_b1']");
    ROLES.put(Tf1Names.Z_MEAN_BIASES, "biases['z_mean']");
    ROLES.put(Tf1Names.Z_STD_BIASES, "biases['z_std']");
    ROLES.put(Tf1Names.DECODER_B1, "biases['decoder_b1']");
    ROLES.put(Tf1Names.DECODER_OUT_BIASES, "biases['decoder_out']");
  }

  private TutorialRoles() {}

  /**
   * The roles of a model's variables by op name: {@code weights['encoder_h1']}, for a slot {@code
   * mean square of …} or {@code momentum of …}.
   *
   * @param trainable the model's trainable variables
   * @return no roles at all unless the variables' names and shapes are the tutorial's
   */
  public static Map<String, String> of(List<ListedVariable> trainable) {
    Map<String, String> roles = new LinkedHashMap<>();
    if (isTutorials(trainable)) {
      ROLES.forEach(
          (op, role) -> {
            roles.put(op, role);
            roles.put(op + Tf1Names.MEAN_SQUARE_SLOT, "mean square of the gradient of " + role);
            roles.put(op + Tf1Names.MOMENTUM_SLOT, "momentum of " + role);
          });
    }
    return roles;
  }

  private static boolean isTutorials(List<ListedVariable> trainable) {
    if (!trainable.stream().map(ListedVariable::op).toList().equals(List.copyOf(ROLES.keySet()))) {
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
        List.of(
            List.of(input, hidden),
            List.of(hidden, latent),
            List.of(hidden, latent),
            List.of(latent, hidden),
            List.of(hidden, input),
            List.of(hidden),
            List.of(latent),
            List.of(latent),
            List.of(hidden),
            List.of(input)));
  }
}

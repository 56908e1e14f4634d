package vae.tf1;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What each of TF1's anonymous variables is in the tutorial. */
public final class TutorialRoles {
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
      for (TutorialVariable variable : TutorialVariable.values()) {
        String op = variable.op();
        String role = variable.role();
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
    List<String> ops = TutorialVariable.all().map(TutorialVariable::op).toList();
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
        TutorialVariable.all().map(variable -> variable.shape(input, hidden, latent)).toList());
  }
}

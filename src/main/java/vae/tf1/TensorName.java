package vae.tf1;

/**
 * The name of a tensor: an op's, and which of its outputs.
 *
 * @param op the op's name
 * @param output from 0
 */
public record TensorName(String op, int output) {

  /** Reads a data input of a NodeDef or what a user types: {@code add_3}, {@code add_3:0}. */
  public static TensorName parse(String text) {
    int colon = text.lastIndexOf(':');
    String digits = text.substring(colon + 1);
    boolean numbered =
        colon >= 0
            && !digits.isEmpty()
            && digits.length() < 10
            && digits.chars().allMatch(digit -> digit >= '0' && digit <= '9');
    return numbered
        ? new TensorName(text.substring(0, colon), Integer.parseInt(digits))
        : new TensorName(text, 0);
  }

  /** As TF1 writes it, {@code add_3:0}. */
  @Override
  public String toString() {
    return op + ":" + output;
  }
}

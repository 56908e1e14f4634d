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
    if (colon < 0 || !text.substring(colon + 1).matches("[0-9]{1,9}")) {
      return new TensorName(text, 0);
    }
    return new TensorName(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
  }

  /** As TF1 writes it, {@code add_3:0}. */
  @Override
  public String toString() {
    return op + ":" + output;
  }
}

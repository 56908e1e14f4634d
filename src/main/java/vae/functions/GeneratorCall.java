package vae.functions;

import java.util.List;

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

package vae.metagraph;

import java.util.Optional;

/**
 * What a user knows of a foreign graph; what is left out is searched for.
 *
 * @param image the images' tensor, {@code X:0} in the tutorial
 * @param latent the sampler's output z
 * @param recon the reconstruction
 */
public record TensorNames(Optional<String> image, Optional<String> latent, Optional<String> recon) {
  /** All is searched for. */
  public static final TensorNames SEARCHED =
      new TensorNames(Optional.empty(), Optional.empty(), Optional.empty());
}

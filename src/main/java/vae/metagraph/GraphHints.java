package vae.metagraph;

import java.util.Map;
import java.util.Optional;

/**
 * What a user knows of a foreign graph; what is left out is searched for.
 *
 * @param image the images' tensor, {@code X:0} in the tutorial
 * @param latent the sampler's output z
 * @param recon the reconstruction
 * @param fixed scalar placeholders that get a value once and for all, such as {@code keep_prob}: a
 *     number, {@code true} or {@code false} by name
 */
public record GraphHints(
    Optional<String> image,
    Optional<String> latent,
    Optional<String> recon,
    Map<String, String> fixed) {
  /** All is searched for. */
  public static final GraphHints NONE =
      new GraphHints(Optional.empty(), Optional.empty(), Optional.empty(), Map.of());

  /** Keeps a copy of the map. */
  public GraphHints {
    fixed = Map.copyOf(fixed);
  }
}

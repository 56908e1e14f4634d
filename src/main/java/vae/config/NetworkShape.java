package vae.config;

/**
 * The layer sizes of the tutorial's network, {@code input-hidden-latent-hidden-input}.
 *
 * @param input values in an image, 784 for MNIST ({@code num_input})
 * @param hidden units in each tanh layer ({@code hidden_dim})
 * @param latent dimensions of z ({@code latent_dim})
 */
public record NetworkShape(int input, int hidden, int latent) {
  /** The tutorial's 784-512-2-512-784. */
  public static final NetworkShape TUTORIAL = new NetworkShape(784, 512, 2);

  /** What a layer may have: enough for any image here, and too little to exhaust a machine. */
  private static final int MOST = 65_536;

  /**
   * Checks the sizes.
   *
   * @throws IllegalArgumentException if one is below 1 or above 65,536
   */
  public NetworkShape {
    requireSize("input", input);
    requireSize("hidden", hidden);
    requireSize("latent", latent);
  }

  private static void requireSize(String layer, int size) {
    if (size < 1 || size > MOST) {
      throw new IllegalArgumentException(
          "the %s size must be between 1 and %,d, found %,d".formatted(layer, MOST, size));
    }
  }

  @Override
  public String toString() {
    return "%d-%d-%d-%d-%d".formatted(input, hidden, latent, hidden, input);
  }
}

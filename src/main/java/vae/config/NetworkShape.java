package vae.config;

/**
 * The layer sizes of the tutorial's network, {@code input-hidden-latent-hidden-input}: its {@code
 * num_input}, 784 for MNIST, {@code hidden_dim} and {@code latent_dim}.
 */
public record NetworkShape(int input, int hidden, int latent) {
  /** The tutorial's 784-512-2-512-784. */
  public static final NetworkShape TUTORIAL = new NetworkShape(784, 512, 2);

  private static final int MOST = 65_536;

  /** Of a matrix: half a GiB in float32, and as much again in each of two slots. */
  private static final long MOST_WEIGHTS = 1L << 27;

  /**
   * Refuses sizes below 1 or above 65,536, and too large a weight matrix, by an
   * IllegalArgumentException.
   */
  public NetworkShape {
    requireSize("input", input);
    requireSize("hidden", hidden);
    requireSize("latent", latent);
    long largest = (long) hidden * Math.max(input, latent);
    if (largest > MOST_WEIGHTS) {
      throw new IllegalArgumentException(
          "a layer may have at most %,d weights, found %,d in %d-%d-%d"
              .formatted(MOST_WEIGHTS, largest, input, hidden, latent));
    }
  }

  int widest() {
    return Math.max(input, Math.max(hidden, latent));
  }

  /** The number of weights and biases. */
  public long parameters() {
    long encoder = (long) (input + 1) * hidden + 2L * (hidden + 1) * latent;
    long decoder = (long) (latent + 1) * hidden + (long) (hidden + 1) * input;
    return encoder + decoder;
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

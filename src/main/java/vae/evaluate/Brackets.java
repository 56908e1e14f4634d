package vae.evaluate;

/**
 * Between what any model of Bernoulli pixels must lie on the images given.
 *
 * @param entropy the pixels' own entropy, −Σ x·log x + (1 − x)·log(1 − x): the loss of a model that
 *     tells each image exactly, nats an image
 * @param independent the loss of the best model whose pixels know nothing of each other, nats
 */
public record Brackets(double entropy, double independent) {
  public static Brackets of(float[][] images) {
    double entropy = 0;
    double[] means = new double[images[0].length];
    for (float[] image : images) {
      for (int i = 0; i < image.length; i++) {
        entropy += entropy(image[i]) / images.length;
        means[i] += (double) image[i] / images.length;
      }
    }
    double independent = 0;
    for (double mean : means) {
      independent += entropy(mean);
    }
    return new Brackets(entropy, independent);
  }

  private static double entropy(double p) {
    return p <= 0 || p >= 1 ? 0 : -p * Math.log(p) - (1 - p) * Math.log(1 - p);
  }
}

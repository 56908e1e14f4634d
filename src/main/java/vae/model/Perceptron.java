package vae.model;

/**
 * A classifier of images with one hidden layer: p = softmax(relu(x·W₁ + b₁)·W₂ + b₂). What {@link
 * PerceptronGraph} trains; here it is computed without TensorFlow.
 *
 * @param hiddenWeights W₁, [inputs · units], row by row
 * @param hiddenBiases b₁, [units]
 * @param weights W₂, [units · classes], row by row
 * @param biases b₂, [classes]
 */
@SuppressWarnings("ArrayRecordComponent") // Only read; never compared.
public record Perceptron(
    float[] hiddenWeights, float[] hiddenBiases, float[] weights, float[] biases) {

  /** Refuses sizes that don't go together. */
  public Perceptron {
    int units = hiddenBiases.length;
    if (units < 1
        || biases.length < 1
        || hiddenWeights.length < units
        || hiddenWeights.length % units != 0
        || weights.length != units * biases.length) {
      throw new IllegalArgumentException(
          "expected weights of one network, found %,d, %,d, %,d and %,d"
              .formatted(hiddenWeights.length, units, weights.length, biases.length));
    }
  }

  /** The values of an image. */
  public int inputs() {
    return hiddenWeights.length / hiddenBiases.length;
  }

  /** How many classes it knows. */
  public int classes() {
    return biases.length;
  }

  /**
   * p(class | image).
   *
   * @param image x, {@link #inputs} values in [0, 1]
   * @return one number a class; they sum to 1
   */
  public double[] probabilities(float[] image) {
    float[] hidden = affine(image, hiddenWeights, hiddenBiases);
    for (int i = 0; i < hidden.length; i++) {
      hidden[i] = Math.max(0, hidden[i]);
    }
    return softmax(affine(hidden, weights, biases));
  }

  /** The class that is the likeliest. */
  public int likeliest(float[] image) {
    double[] p = probabilities(image);
    int best = 0;
    for (int i = 1; i < p.length; i++) {
      best = p[i] > p[best] ? i : best;
    }
    return best;
  }

  private static float[] affine(float[] x, float[] weights, float[] biases) {
    float[] sums = biases.clone();
    for (int i = 0; i < x.length; i++) {
      float value = x[i];
      if (value != 0) {
        int row = i * sums.length;
        for (int j = 0; j < sums.length; j++) {
          sums[j] += value * weights[row + j];
        }
      }
    }
    return sums;
  }

  private static double[] softmax(float[] logits) {
    double greatest = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      greatest = Math.max(greatest, logit);
    }
    double[] p = new double[logits.length];
    double sum = 0;
    for (int i = 0; i < p.length; i++) {
      p[i] = Math.exp(logits[i] - greatest);
      sum += p[i];
    }
    for (int i = 0; i < p.length; i++) {
      p[i] /= sum;
    }
    return p;
  }
}

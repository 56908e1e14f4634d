package vae.evaluate;

import java.util.Optional;
import java.util.stream.IntStream;
import vae.config.LossFormula;
import vae.config.TrainingPlan;
import vae.files.ModelException;
import vae.storage.LoadedModel;
import vae.storage.Manifest;
import vae.storage.TrainingRecord;
import vae.tensor.Values;

/**
 * p(x|z), as a model's loss has it. Each has the form log p(x|z) = x·t(z) − s(z) − c(x), in nats an
 * image, so that a decoded z serves for many images.
 *
 * <ul>
 *   <li>Cross-entropy: pixels are Bernoulli's, with x in [0, 1] in the place of a 0 or 1; t are the
 *       logits, s their softplus summed.
 *   <li>Squared error weighed against λ·KL: pixels are normal around x̂ with variance λ/2.
 * </ul>
 *
 * @param lambda λ of the squared error; nothing for cross-entropies
 */
public record Likelihood(Optional<Float> lambda) {
  /** Of cross-entropies. */
  public static final Likelihood BERNOULLI = new Likelihood(Optional.empty());

  /** So many factors between 1 and 2 fit a double. */
  private static final int FACTORS = 512;

  /** What decoded z's are worth. */
  record Decoded(float[][] t, double[] s) {}

  /** A model's, by its manifest's training; Bernoulli's for one that tells of none. */
  public static Likelihood of(LoadedModel model) {
    return model
        .manifest()
        .flatMap(Manifest::training)
        .map(TrainingRecord::plan)
        .map(TrainingPlan::objective)
        .filter(objective -> objective.formula() == LossFormula.L2)
        .map(objective -> new Likelihood(Optional.of(objective.beta())))
        .orElse(BERNOULLI);
  }

  /**
   * Decodes z, [count][latent].
   *
   * @throws ModelException if the model can't, or its decoder doesn't end in a sigmoid
   */
  Decoded decode(LoadedModel model, float[][] z) throws ModelException {
    if (lambda.isEmpty()) {
      float[][] logits = model.vae().logits(Values.of(z)).matrix();
      double[] s = new double[z.length];
      IntStream.range(0, z.length).parallel().forEach(i -> s[i] = softplusSum(logits[i]));
      return new Decoded(logits, s);
    }
    float weight = lambda.get();
    float[][] t = model.vae().generate(Values.of(z)).matrix();
    double[] s = new double[z.length];
    IntStream.range(0, z.length)
        .parallel()
        .forEach(
            i -> {
              double squares = 0;
              for (int pixel = 0; pixel < t[i].length; pixel++) {
                squares += (double) t[i][pixel] * t[i][pixel];
                t[i][pixel] *= 2 / weight;
              }
              s[i] = squares / weight + t[i].length / 2.0 * Math.log(Math.PI * weight);
            });
    return new Decoded(t, s);
  }

  /** log p(x|z) of an image and the z in a row. */
  double log(SparseImage image, Decoded decoded, int row) {
    double c = lambda.isEmpty() ? 0 : image.squaredNorm() / lambda.get();
    return image.dot(decoded.t[row]) - decoded.s[row] - c;
  }

  /** Σ log(1 + eˡ), with few logarithms: log(1 + eˡ) = max(l, 0) + log(1 + e^−|l|). */
  private static double softplusSum(float[] logits) {
    double sum = 0;
    double product = 1;
    for (int i = 0; i < logits.length; i++) {
      double l = logits[i];
      sum += Math.max(l, 0);
      product *= 1 + Math.exp(-Math.abs(l));
      if ((i + 1) % FACTORS == 0) {
        sum += Math.log(product);
        product = 1;
      }
    }
    return sum + Math.log(product);
  }
}

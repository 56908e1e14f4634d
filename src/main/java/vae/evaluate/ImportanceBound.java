package vae.evaluate;

import java.util.Arrays;
import java.util.stream.IntStream;
import vae.config.Seed;
import vae.files.ModelException;
import vae.functions.Posterior;
import vae.latent.Prior;
import vae.latent.Progress;
import vae.storage.LoadedModel;
import vae.tensor.Values;

/**
 * The importance-weighted bound on −log p(x): −log (1/K) Σ p(x|z)·p(z)/r(z|x) with K draws z ~
 * r(z|x) (Burda, Grosse and Salakhutdinov, 2015, equation 8). It falls towards −log p(x) as K
 * grows.
 *
 * <p>A third of the draws is the posterior's, a third comes from a normal three times as wide, a
 * third from the prior, and r is the mixture of the three (Hesterberg, 1995). With q alone, as in
 * that paper, the bound has not converged after thousands of draws: many an image could come from
 * several places of the plane, and q, a single normal, sits on one of them.
 */
public final class ImportanceBound {
  /** Rows that are decoded at once. */
  private static final int ROWS = 10_000;

  /** The mixture's: the posterior, the wider one, the prior. */
  private static final int COMPONENTS = 3;

  /** On a log-variance: three times the deviation. */
  private static final float WIDENED = (float) (2 * Math.log(3));

  private ImportanceBound() {}

  /** Computes it for images in [0, 1], [count][input], with K samples; nats, one an image. */
  public static double[] of(
      LoadedModel model, float[][] images, int samples, Seed seed, Progress progress)
      throws ModelException {
    Likelihood likelihood = Likelihood.of(model);
    double[] bound = new double[images.length];
    int atOnce = Math.max(1, ROWS / samples);
    for (int from = 0; from < images.length; from += atOnce) {
      int to = Math.min(images.length, from + atOnce);
      float[][] chunk = Arrays.copyOfRange(images, from, to);
      SparseImage[] sparse = SparseImage.of(chunk);
      Posterior q = model.vae().encode(Values.of(chunk));
      LogSum[] sums = new LogSum[chunk.length];
      Arrays.setAll(sums, i -> new LogSum());
      int rounds = (samples - 1) / ROWS + 1; // More than one only if a single image fills a round.
      for (int round = 0; round < rounds; round++) {
        int k = Math.min(samples, (round + 1) * ROWS) - round * ROWS;
        add(likelihood, model, sparse, q, k, seed, from * rounds + round, sums);
      }
      for (int i = 0; i < sums.length; i++) {
        bound[from + i] = Math.log(samples) - sums[i].value();
      }
      progress.done(to, images.length);
    }
    return bound;
  }

  private static void add(
      Likelihood likelihood,
      LoadedModel model,
      SparseImage[] images,
      Posterior q,
      int k,
      Seed seed,
      int index,
      LogSum[] sums)
      throws ModelException {
    float[][] z = Posteriors.draw(alternating(q, k), seed, Integer.MIN_VALUE + index);
    Likelihood.Decoded decoded = likelihood.decode(model, z);
    IntStream.range(0, images.length)
        .parallel()
        .forEach(
            i -> {
              for (int row = i * k; row < (i + 1) * k; row++) {
                sums[i].add(
                    likelihood.log(images[i], decoded, row)
                        + Prior.logDensity(z[row])
                        - logProposal(z[row], q.zMean()[i], q.zStd()[i]));
              }
            });
  }

  /** log r(z|x). */
  private static double logProposal(float[] z, float[] mean, float[] logVariance) {
    LogSum sum = new LogSum();
    sum.add(Posteriors.logDensity(z, mean, logVariance));
    sum.add(Posteriors.logDensity(z, mean, widened(logVariance)));
    sum.add(Prior.logDensity(z));
    return sum.value() - Math.log(COMPONENTS);
  }

  /** k rows an image, one image after the other: the three components by turns. */
  private static Posterior alternating(Posterior q, int k) {
    int rows = q.zMean().length * k;
    float[] zero = new float[q.zMean()[0].length];
    float[][] mean = new float[rows][];
    float[][] std = new float[rows][];
    for (int row = 0; row < rows; row++) {
      int image = row / k;
      int component = row % k % COMPONENTS;
      mean[row] = component == 2 ? zero : q.zMean()[image];
      std[row] =
          switch (component) {
            case 0 -> q.zStd()[image];
            case 1 -> widened(q.zStd()[image]);
            default -> zero;
          };
    }
    return new Posterior(mean, std);
  }

  private static float[] widened(float[] logVariance) {
    float[] wider = new float[logVariance.length];
    for (int k = 0; k < wider.length; k++) {
      wider[k] = logVariance[k] + WIDENED;
    }
    return wider;
  }
}

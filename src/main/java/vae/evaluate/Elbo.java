package vae.evaluate;

import java.util.Arrays;
import java.util.stream.IntStream;
import vae.config.Seed;
import vae.files.ModelException;
import vae.functions.Posterior;
import vae.latent.Progress;
import vae.storage.LoadedModel;
import vae.tensor.Values;

/**
 * The negative ELBO of images, −E[log p(x|z)] + KL(q(z|x) ‖ p(z)) (Kingma and Welling, 2013,
 * equation 10), whatever weight the training gave its two parts.
 *
 * @param reconstruction its first part, a mean over draws of ε, nats, one an image
 * @param kl its second, in closed form, nats, one an image
 */
public record Elbo(double[] reconstruction, double[] kl) {
  private static final int CHUNK = 500;

  /**
   * Computes it for images in [0, 1], [count][input], of which no pixel is binarised, with so many
   * draws of ε an image.
   */
  public static Elbo of(
      LoadedModel model, float[][] images, int draws, Seed seed, Progress progress)
      throws ModelException {
    return of(
        model,
        images,
        draws,
        (q, from, draw) -> Posteriors.draw(q, seed, from * draws + draw),
        progress);
  }

  /**
   * The same with the noise of each image a function of its own number, such as its row in a table:
   * which images are scored with it changes nothing.
   */
  public static Elbo ofNumbered(
      LoadedModel model, float[][] images, long[] numbers, int draws, Seed seed)
      throws ModelException {
    return of(
        model,
        images,
        draws,
        (q, from, draw) -> {
          long[] indices = new long[q.zMean().length];
          Arrays.setAll(indices, i -> numbers[from + i] * draws + draw);
          return Posteriors.draw(q, seed, indices);
        },
        (done, of) -> {});
  }

  private interface Sampler {
    float[][] draw(Posterior q, int from, int draw);
  }

  private static Elbo of(
      LoadedModel model, float[][] images, int draws, Sampler sampler, Progress progress)
      throws ModelException {
    Likelihood likelihood = Likelihood.of(model);
    double[] reconstruction = new double[images.length];
    double[] kl = new double[images.length];
    for (int from = 0; from < images.length; from += CHUNK) {
      int first = from;
      int count = Math.min(CHUNK, images.length - from);
      float[][] chunk = Arrays.copyOfRange(images, from, from + count);
      SparseImage[] sparse = SparseImage.of(chunk);
      Posterior q = model.vae().encode(Values.of(chunk));
      for (int i = 0; i < count; i++) {
        kl[from + i] = kl(q.zMean()[i], q.zStd()[i]);
      }
      for (int draw = 0; draw < draws; draw++) {
        float[][] z = sampler.draw(q, from, draw);
        Likelihood.Decoded decoded = likelihood.decode(model, z);
        IntStream.range(0, count)
            .parallel()
            .forEach(
                i -> reconstruction[first + i] -= likelihood.log(sparse[i], decoded, i) / draws);
      }
      progress.done(from + count, images.length);
    }
    return new Elbo(reconstruction, kl);
  }

  /** −ELBO of an image, nats. */
  public double of(int image) {
    return reconstruction[image] + kl[image];
  }

  /** −ELBO of each image, nats. */
  public double[] perImage() {
    return IntStream.range(0, kl.length).mapToDouble(this::of).toArray();
  }

  /** The share of other images whose −ELBO is worse than an image's, in percent. */
  public double percentile(int image, double[] others) {
    return 100.0 * Arrays.stream(others).filter(each -> each > of(image)).count() / others.length;
  }

  /** KL(N(m, e^s) ‖ N(0, I)), in nats: Kingma and Welling, 2013, appendix B. */
  private static double kl(float[] mean, float[] logVariance) {
    double sum = 0;
    for (int i = 0; i < mean.length; i++) {
      double s = logVariance[i];
      sum -= 1 + s - (double) mean[i] * mean[i] - Math.exp(s);
    }
    return sum / 2;
  }
}

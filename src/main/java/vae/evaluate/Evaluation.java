package vae.evaluate;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import vae.config.Seed;
import vae.files.ModelException;
import vae.latent.Progress;
import vae.storage.LoadedModel;
import vae.tensor.Values;

/**
 * How well a model explains images: all measures, in nats, one an image.
 *
 * @param draws of ε an image, for the ELBO
 * @param samples an image, for the importance-weighted bound
 * @param iwae that bound on −log p(x); nothing if no samples were asked for
 * @param exact −log p(x) by quadrature; nothing if z has too many dimensions
 * @param active which dimensions of z the model uses
 * @param brackets what the images themselves allow
 * @param ofDensities whether the model's loss stands for a density of pixels, not a probability
 */
@SuppressWarnings("ArrayRecordComponent") // Only read; never compared.
public record Evaluation(
    int draws,
    int samples,
    Elbo elbo,
    Optional<double[]> iwae,
    Optional<double[]> exact,
    boolean[] active,
    Brackets brackets,
    boolean ofDensities) {

  /**
   * Measures a model.
   *
   * @param x the images, in [0, 1], [count][input]
   * @param samples 0 leaves the importance-weighted bound out
   * @param seed of ε
   * @param jobs begins one, and is told of its progress
   * @throws ModelException if the model can't encode or decode
   */
  public static Evaluation of(
      LoadedModel model,
      float[][] x,
      int draws,
      int samples,
      Seed seed,
      Function<String, Progress> jobs)
      throws ModelException {
    Elbo elbo = Elbo.of(model, x, draws, seed, jobs.apply("ELBO, image"));
    Optional<double[]> iwae = Optional.empty();
    if (samples > 0) {
      Progress progress = jobs.apply("importance-weighted bound, image");
      iwae = Optional.of(ImportanceBound.of(model, x, samples, seed, progress));
    }
    Optional<double[]> exact = Optional.empty();
    if (Quadrature.fits(model)) {
      exact = Optional.of(Quadrature.of(model, x, jobs.apply("quadrature, square")));
    }
    return new Evaluation(
        draws,
        samples,
        elbo,
        iwae,
        exact,
        ActiveUnits.of(model.vae().encode(Values.of(x))),
        Brackets.of(x),
        Likelihood.of(model).lambda().isPresent());
  }

  /** How many dimensions of z the model uses. */
  public int activeUnits() {
    int count = 0;
    for (boolean each : active) {
      count += each ? 1 : 0;
    }
    return count;
  }

  /** The mean over images. */
  public static double mean(double[] values) {
    return Arrays.stream(values).average().orElse(Double.NaN);
  }

  /** The standard error of that mean. */
  public static double standardError(double[] values) {
    double mean = mean(values);
    double squares = Arrays.stream(values).map(value -> (value - mean) * (value - mean)).sum();
    return Math.sqrt(squares / (values.length - 1.0) / values.length);
  }
}

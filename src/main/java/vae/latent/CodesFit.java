package vae.latent;

import java.util.Random;
import java.util.stream.IntStream;
import vae.config.Seed;
import vae.files.ModelException;
import vae.functions.Posterior;
import vae.mnist.Images;
import vae.storage.ImageCodes;
import vae.tensor.Values;

/** Encodes labelled images, and finds out how far each code should be spread. */
public final class CodesFit {
  private static final int CHUNK = 250;
  private static final double[] BANDWIDTHS = {0.01, 0.02, 0.03, 0.05, 0.08, 0.12, 0.2};
  private static final int JUDGED = 600;

  private CodesFit() {}

  /** Encodes images, [batch, input] in [0, 1]. */
  @FunctionalInterface
  public interface Encoder {
    Posterior encode(Values images) throws ModelException;
  }

  /** Encodes all images. */
  public static Posterior encode(Encoder encoder, Images images, Progress progress)
      throws ModelException {
    float[][] mean = new float[images.count()][];
    float[][] std = new float[images.count()][];
    // Filled again and again: as garbage the chunks are the most of what a training leaves.
    Values chunk = images.values(0, Math.min(CHUNK, images.count()));
    for (int from = 0; from < images.count(); from += CHUNK) {
      int count = Math.min(CHUNK, images.count() - from);
      if (count < chunk.rows()) {
        chunk = images.values(from, from + count);
      } else {
        images.copyValues(from, chunk);
      }
      Posterior posterior = encoder.encode(chunk);
      System.arraycopy(posterior.zMean(), 0, mean, from, count);
      System.arraycopy(posterior.zStd(), 0, std, from, count);
      progress.done(from + count, images.count());
    }
    return new Posterior(mean, std);
  }

  /**
   * Encodes the images and fits the bandwidth: that under which the labels of 600 of them are the
   * likeliest, each judged by all others.
   */
  public static ImageCodes fit(Encoder encoder, Images images, int classes, Progress progress)
      throws ModelException {
    Posterior posterior = encode(encoder, images, progress);
    byte[] labels = images.labels().bytes();
    var codes = new ImageCodes(posterior.zMean(), posterior.zStd(), labels, images.sha256(), 0);
    Random random = new Seed(0).random(Seed.Purpose.EVALUATION, 0);
    int[] judged = random.ints(JUDGED, 0, labels.length).toArray();
    double best = Double.NaN;
    double most = Double.NEGATIVE_INFINITY;
    for (double bandwidth : BANDWIDTHS) {
      double found = logLikelihood(codes, classes, bandwidth, judged);
      if (found > most) {
        most = found;
        best = bandwidth;
      }
    }
    return new ImageCodes(
        posterior.zMean(), posterior.zStd(), labels, images.sha256(), (float) best);
  }

  private static double logLikelihood(
      ImageCodes codes, int classes, double bandwidth, int[] judged) {
    var density = new ClassDensity(codes, classes, bandwidth);
    return IntStream.of(judged)
        .parallel()
        .mapToDouble(i -> Math.log(density.probabilities(codes.zMean()[i], i)[codes.labels()[i]]))
        .sum();
  }
}

package vae.latent;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** The mean and the standard deviation of codes in each dimension, for models without a prior. */
public record CodesSpread(double[] mean, double[] deviation) {

  /** Of codes, [batch][latent], at least one. */
  public static CodesSpread of(float[][] codes) {
    int latent = codes[0].length;
    double[] mean = new double[latent];
    double[] deviation = new double[latent];
    for (int k = 0; k < latent; k++) {
      double sum = 0;
      for (float[] code : codes) {
        sum += code[k];
      }
      mean[k] = sum / codes.length;
      double squares = 0;
      for (float[] code : codes) {
        squares += (code[k] - mean[k]) * (code[k] - mean[k]);
      }
      deviation[k] = Math.sqrt(squares / codes.length);
    }
    return new CodesSpread(mean, deviation);
  }

  /**
   * Moves points, [batch][latent], from about 0, where they count standard deviations, to about the
   * codes: the first two coordinates go along the two dimensions in which codes spread the widest,
   * all others are at the codes' mean.
   */
  public void place(float[][] points) {
    int[] widest =
        IntStream.range(0, mean.length)
            .boxed()
            .sorted(Comparator.comparing(k -> -deviation[k]))
            .limit(2)
            .mapToInt(Integer::intValue)
            .toArray();
    for (float[] point : points) {
      float[] plane = Arrays.copyOf(point, widest.length);
      for (int k = 0; k < mean.length; k++) {
        point[k] = (float) mean[k];
      }
      for (int i = 0; i < widest.length; i++) {
        point[widest[i]] += (float) (plane[i] * deviation[widest[i]]);
      }
    }
  }
}

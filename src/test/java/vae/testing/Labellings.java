package vae.testing;

import java.util.Random;
import vae.config.ClassNames;
import vae.model.Perceptron;
import vae.storage.ImageCodes;
import vae.storage.ImageJudge;
import vae.storage.Labelling;

/** Labellings of models that learned nothing. */
public final class Labellings {
  private static final int CLASSES = 10;

  private Labellings() {}

  /** These codes, and a judge of random weights. */
  public static Labelling of(ImageCodes codes, int pixels) {
    var random = new Random(7);
    int units = 5;
    var network =
        new Perceptron(
            normal(random, pixels * units),
            normal(random, units),
            normal(random, units * CLASSES),
            normal(random, CLASSES));
    return new Labelling(ClassNames.numbered(CLASSES), codes, new ImageJudge(network, 0.1));
  }

  /** Codes of ten classes, side by side along every dimension. */
  public static ImageCodes codes(int latent) {
    var random = new Random(6);
    float[][] mean = new float[500][latent];
    float[][] std = new float[500][latent];
    byte[] labels = new byte[500];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (byte) (i % CLASSES);
      for (int k = 0; k < latent; k++) {
        mean[i][k] = (float) (random.nextGaussian() + labels[i] / 5.0 - 1);
        std[i][k] = -2;
      }
    }
    return new ImageCodes(mean, std, labels, "of no images", 0.1f);
  }

  private static float[] normal(Random random, int size) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) (random.nextGaussian() / Math.sqrt(size));
    }
    return values;
  }
}

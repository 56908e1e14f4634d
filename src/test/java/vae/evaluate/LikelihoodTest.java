package vae.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vae.config.Device;
import vae.config.LossFormula;
import vae.config.Objective;
import vae.config.Seed;
import vae.functions.Posterior;
import vae.latent.Progress;
import vae.storage.LoadedModel;
import vae.tensor.Values;
import vae.testing.SmallModel;

/** Tiny models of whose images log p(x) is known in closed form. */
class LikelihoodTest {
  private static final int PIXELS = SmallModel.SHAPE.input();
  private static final int HIDDEN = SmallModel.SHAPE.hidden();
  private static final Progress QUIET = (done, of) -> {};

  @TempDir private Path folder;

  /** Where the decoder takes no notice of z, p(x) is a product over pixels. */
  @Test
  void ofADecoderThatIsDeafToZ() throws IOException {
    try (LoadedModel model = model(Objective.TUTORIAL, LikelihoodTest::deafen)) {
      float[][] x = images();
      float[] recon = model.vae().generate(Values.of(new float[1][2])).row(0);
      double[] expected =
          Arrays.stream(x).mapToDouble(image -> crossEntropy(image, recon)).toArray();

      assertThat(Elbo.of(model, x, 3, new Seed(1), QUIET).reconstruction())
          .containsExactly(expected, within(1e-4));
      assertThat(Quadrature.of(model, x, QUIET)).containsExactly(expected, within(1e-4));
    }
  }

  /** Where the encoder always says N(0, I), q is the posterior, and the ELBO is tight. */
  @Test
  void theBoundIsTightWhereEncoderAndDecoderAreDeaf() throws IOException {
    try (LoadedModel model =
        model(
            Objective.TUTORIAL,
            small -> {
              deafen(small);
              for (int variable : new int[] {1, 2, 6, 7}) {
                set(small, variable, 0);
              }
            })) {
      float[][] x = images();
      Elbo elbo = Elbo.of(model, x, 2, new Seed(1), QUIET);
      assertThat(elbo.kl()).containsOnly(0);
      assertThat(ImportanceBound.of(model, x, 20_000, new Seed(1), QUIET))
          .containsExactly(elbo.perImage(), within(0.03));
    }
  }

  /** A decoder that sees the sign of z₁ alone gives half the prior one image, half the other. */
  @Test
  void ofADecoderThatKnowsTwoImages() throws IOException {
    try (LoadedModel model =
        model(
            Objective.TUTORIAL,
            small -> {
              float[] weights = new float[2 * HIDDEN];
              Arrays.fill(weights, 0, HIDDEN, 1e4f);
              small.assign(small.vae().trainable().get(3), weights);
              set(small, 8, 0);
            })) {
      float[][] x = images();
      float[][] two = model.vae().generate(Values.of(new float[][] {{1, 0}, {-1, 0}})).matrix();
      double[] expected = new double[x.length];
      for (int i = 0; i < x.length; i++) {
        double a = Math.exp(-crossEntropy(x[i], two[0]));
        double b = Math.exp(-crossEntropy(x[i], two[1]));
        expected[i] = -Math.log((a + b) / 2);
      }
      assertThat(Quadrature.of(model, x, QUIET)).containsExactly(expected, within(1e-3));
      assertThat(ImportanceBound.of(model, x, 20_000, new Seed(1), QUIET))
          .containsExactly(expected, within(0.1));
    }
  }

  /** Trained on squares weighed with λ, a model's pixels are normal with variance λ/2. */
  @Test
  void ofSquares() throws IOException {
    float lambda = 0.5f;
    try (LoadedModel model = model(new Objective(LossFormula.L2, lambda), LikelihoodTest::deafen)) {
      float[][] x = images();
      float[] recon = model.vae().generate(Values.of(new float[1][2])).row(0);
      double variance = lambda / 2;
      double[] expected = new double[x.length];
      for (int i = 0; i < x.length; i++) {
        for (int pixel = 0; pixel < PIXELS; pixel++) {
          double d = x[i][pixel] - recon[pixel];
          expected[i] += d * d / 2 / variance + Math.log(2 * Math.PI * variance) / 2;
        }
      }
      assertThat(Elbo.of(model, x, 3, new Seed(1), QUIET).reconstruction())
          .containsExactly(expected, within(1e-4));
      assertThat(Quadrature.of(model, x, QUIET)).containsExactly(expected, within(1e-4));
    }
  }

  /** The chain that must hold: exact ≤ bound with many samples ≤ −ELBO, on average. */
  @Test
  void theBoundsAreInTheirOrder() throws IOException {
    try (LoadedModel model = model(Objective.TUTORIAL, small -> {})) {
      float[][] x = images();
      double elbo = mean(Elbo.of(model, x, 200, new Seed(1), QUIET).perImage());
      double bound = mean(ImportanceBound.of(model, x, 5_000, new Seed(1), QUIET));
      double exact = mean(Quadrature.of(model, x, QUIET));
      assertThat(bound).isCloseTo(exact, within(0.01)).isLessThan(elbo);
    }
  }

  @Test
  void unitsThatDoNotVaryAreNotActive() {
    float[][] means = {{0.5f, 1}, {0.55f, -1}, {0.45f, 1}, {0.5f, -1}};
    assertThat(ActiveUnits.of(new Posterior(means, means))).containsExactly(false, true);
  }

  /** H(½) = log 2 a pixel; and pixels that are 0 or 1 have none. */
  @Test
  void theBrackets() {
    Brackets brackets = Brackets.of(new float[][] {{0, 0.5f, 1}, {1, 0.5f, 1}});
    assertThat(brackets.entropy()).isCloseTo(Math.log(2), within(1e-6));
    assertThat(brackets.independent()).isCloseTo(2 * Math.log(2), within(1e-6));
  }

  private LoadedModel model(Objective objective, Consumer<SmallModel> change) throws IOException {
    try (SmallModel small = new SmallModel(1)) {
      change.accept(small);
      return LoadedModel.open(small.publish(folder.resolve("models"), objective), Device.CPU);
    }
  }

  private static void deafen(SmallModel model) {
    set(model, 3, 0);
  }

  private static void set(SmallModel model, int variable, float value) {
    var trainable = model.vae().trainable().get(variable);
    float[] values = new float[(int) trainable.shape().size()];
    Arrays.fill(values, value);
    model.assign(trainable, values);
  }

  private static float[][] images() {
    Random random = new Random(5);
    float[][] images = new float[6][PIXELS];
    for (float[] image : images) {
      for (int i = 0; i < PIXELS; i++) {
        image[i] = Math.max(0, random.nextFloat() * 1.5f - 0.5f);
      }
    }
    return images;
  }

  private static double crossEntropy(float[] x, float[] recon) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum -= x[i] * Math.log(recon[i]) + (1 - x[i]) * Math.log(1 - recon[i]);
    }
    return sum;
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }
}

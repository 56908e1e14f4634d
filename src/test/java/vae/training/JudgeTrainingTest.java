package vae.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import vae.config.Threads;
import vae.mnist.Images;
import vae.mnist.Labels;
import vae.model.Perceptron;
import vae.tensor.ImageShape;

/** The classifier, by closed forms and on classes that a line separates. */
class JudgeTrainingTest {
  @Test
  void theProbabilitiesAreTheSoftmaxOfTheLogits() {
    // One hidden unit relu(2·x₁ − 1); logits h + 0.5 and −h.
    var network =
        new Perceptron(
            new float[] {2, 0}, new float[] {-1}, new float[] {1, -1}, new float[] {0.5f, 0});
    assertThat(network.probabilities(new float[] {1, 9})[0])
        .isCloseTo(1 / (1 + Math.exp(-2.5)), within(1e-7));
    assertThat(network.probabilities(new float[] {0, 9})[0])
        .isCloseTo(1 / (1 + Math.exp(-0.5)), within(1e-7));
    assertThat(network.inputs()).isEqualTo(2);
    assertThat(network.classes()).isEqualTo(2);
  }

  @Test
  void learnsWhatCanBeLearnedAndTellsHowWell() {
    Images bright = images(2_400, true);
    var judge = JudgeTraining.of(bright, 2, 9_999, new Threads(2), (steps, of) -> {});
    assertThat(judge.accuracy()).isGreaterThan(0.97);
    float[] black = new float[16];
    assertThat(judge.network().likeliest(black)).isZero();
    // The same again.
    assertThat(
            JudgeTraining.of(bright, 2, 9_999, new Threads(2), (steps, of) -> {})
                .network()
                .hiddenWeights())
        .isEqualTo(judge.network().hiddenWeights());
    // Labels that have nothing to do with the images: right on those held back only by chance.
    var blind = JudgeTraining.of(images(2_400, false), 2, 9_999, new Threads(2), (steps, of) -> {});
    assertThat(blind.accuracy()).isBetween(0.35, 0.65);
  }

  @Test
  void tooFewToHoldBackAreNotTold() {
    var judge = JudgeTraining.of(images(5, true), 2, 9_999, new Threads(1), (steps, of) -> {});
    assertThat(judge.accuracy()).isNaN();
  }

  /** Of 4 × 4 pixels: bright ones are of class 1, dark ones of class 0. */
  private static Images images(int count, boolean honest) {
    var random = new Random(5);
    byte[] pixels = new byte[count * 16];
    byte[] labels = new byte[count];
    for (int i = 0; i < count; i++) {
      boolean bright = random.nextBoolean();
      labels[i] = (byte) ((honest ? bright : random.nextBoolean()) ? 1 : 0);
      for (int k = 0; k < 16; k++) {
        pixels[i * 16 + k] = (byte) ((bright ? 120 : 0) + random.nextInt(120));
      }
    }
    return new Images(ImageShape.grey(16, 1), pixels, Labels.numbered(labels));
  }
}

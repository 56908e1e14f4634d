package vae.latent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vae.config.ClassNames;
import vae.config.Device;
import vae.config.Seed;
import vae.files.ModelException;
import vae.functions.Posterior;
import vae.mnist.Images;
import vae.mnist.Labels;
import vae.model.Perceptron;
import vae.storage.ImageCodes;
import vae.storage.ImageJudge;
import vae.storage.Labelling;
import vae.storage.LoadedModel;
import vae.tensor.ImageShape;
import vae.testing.Labellings;
import vae.testing.SmallModel;

/** An atlas of codes whose densities can be written down. */
class AtlasTest {
  private static final int IMAGES = 2_000;
  private static final Progress QUIET = (done, of) -> {};

  private static final ImageJudge JUDGE = judge();

  /** Threes around (−1, 0), sevens around (1, 0), each normal with deviation 0.5. */
  private static final Atlas TWO = atlas(two());

  @Test
  void theProbabilitiesAreThoseOfTwoNormals() throws IOException {
    for (float x : new float[] {-1.5f, -0.5f, 0, 0.3f, 1}) {
      // Each cloud of codes, spread by 0.1: variance 0.26. Equal heights leave the logistic.
      double seven = 1 / (1 + Math.exp(-2 * x / 0.26));
      Atlas.Place place = TWO.at(new float[] {x, 0});
      assertThat(place.byCodes()[7]).isCloseTo(seven, within(0.06));
      assertThat(place.byCodes()[3]).isCloseTo(1 - seven, within(0.06));
      // The judge's, whose logits are 4x and 0.
      assertThat(place.byImage()[7]).isCloseTo(1 / (1 + Math.exp(-4 * x)), within(1e-3));
    }
  }

  @Test
  void whereNothingLivesNoDigitIsSure() throws IOException {
    Atlas.Place far = TWO.at(new float[] {0, 9});
    assertThat(far.hasCodes()).isFalse();
    assertThat(far.byCodes()[3]).isCloseTo(0.5, within(1e-6));
    assertThat(far.byCodes()[7]).isCloseTo(0.5, within(1e-6));
    assertThat(TWO.at(new float[] {1, 0}).hasCodes()).isTrue();
  }

  /** A stranger's codes may be as wide as they like; they count everywhere, and cost no memory. */
  @Test
  void codesOfAnyWidthAreTaken() throws IOException {
    float[][] mean = new float[200][2];
    float[][] std = new float[200][2];
    byte[] labels = new byte[200];
    std[0] = new float[] {10, 10};
    mean[1] = new float[] {1e30f, -1e30f};
    labels[0] = 4;
    for (int i = 2; i < labels.length; i++) {
      std[i] = new float[] {-6, -6};
      labels[i] = 7;
    }
    Atlas atlas = atlas(new ImageCodes(mean, std, labels, "of no images", 0));
    assertThat(atlas.at(new float[2]).neighbour()).isEqualTo(7);
    assertThat(atlas.at(new float[] {30, 0}).neighbour()).isEqualTo(4);
  }

  /** Neighbours only leaves out what would count for nothing. */
  @Test
  void theDensityIsTheSumOfAllKernels() throws IOException {
    ImageCodes codes = two();
    float[] z = {0.2f, -0.4f};
    double expected = 0;
    double variance = Math.exp(codes.zStd()[0][0]) + codes.bandwidth() * codes.bandwidth();
    for (float[] mean : codes.zMean()) {
      double x = z[0] - mean[0];
      double y = z[1] - mean[1];
      expected += Math.exp(-(x * x + y * y) / 2 / variance) / (2 * Math.PI * variance);
    }
    double q = TWO.at(z).densityRatio() * Math.exp(Prior.logDensity(z));
    assertThat(q).isCloseTo(expected / IMAGES, within(1e-3 * q));
  }

  @Test
  void regionsTellWhatEachDigitHas() throws IOException {
    Atlas.Survey survey = TWO.survey();
    Atlas.Region seven = survey.regions().get(7);
    double three = survey.regions().get(3).share();
    assertThat(seven.best().z()[0]).isBetween(0.5f, 2f);
    assertThat(seven.best().sureness(7)).isGreaterThan(0.9);
    assertThat(seven.share()).isCloseTo(three, within(0.08));
    assertThat(seven.share() + three + survey.empty()).isCloseTo(1, within(1e-9));
    assertThat(seven.takenFor()[7]).isCloseTo(0.977, within(0.02)); // Φ(2)
    assertThat(survey.regions().get(0).share()).isZero();
    assertThat(seven.area()).isBetween(6.0, 8.0);
    assertThat(survey.agreeing()).isGreaterThan(0.95);
  }

  /** Codes of sevens, but threes come out: the region is that of what comes out. */
  @Test
  void whatComesOutNamesTheRegion() throws IOException {
    var mirrored =
        new Atlas(new Labelling(ClassNames.numbered(10), two(), JUDGE), AtlasTest::mirrored);
    Atlas.Place place = mirrored.at(new float[] {1, 0});
    assertThat(place.label()).isEqualTo(3);
    assertThat(place.neighbour()).isEqualTo(7);
    assertThat(place.agrees()).isFalse();
    assertThat(place.isOf(3)).isTrue();
    assertThat(mirrored.survey().agreeing()).isLessThan(0.05);
  }

  @Test
  void drawsAreWhereBothAreSure() throws IOException {
    List<Atlas.Place> drawn = new ClassDraws(TWO, new Seed(1)).first(7, 50, Optional.of(0.9));
    assertThat(drawn)
        .hasSize(50)
        .allSatisfy(
            place -> {
              assertThat(place.byImage()[7]).isGreaterThanOrEqualTo(0.9);
              assertThat(place.byCodes()[7]).isGreaterThanOrEqualTo(0.9);
              assertThat(Prior.isOff(place.z())).isFalse();
            });
    assertThat(drawn.stream().map(place -> place.z()[0]).distinct()).hasSize(50);
    assertThat(new ClassDraws(TWO, new Seed(1)).first(7, 50, Optional.of(0.9)).get(49).z())
        .isEqualTo(drawn.get(49).z());
  }

  /** The same as if all had been judged and sorted. */
  @Test
  void whereTooFewAreSureTheSurestAreTaken() throws IOException {
    List<Atlas.Place> drawn = new ClassDraws(TWO, new Seed(1)).first(7, 20, Optional.of(0.99999));
    List<Double> expected =
        TWO.at(Prior.draws(new Seed(1), 1, ClassDraws.DRAWS, 2)).stream()
            .filter(place -> !Prior.isOff(place.z()))
            .map(place -> place.sureness(7))
            .sorted(Comparator.reverseOrder())
            .limit(20)
            .toList();
    assertThat(drawn.stream().map(place -> place.sureness(7)).toList())
        .containsExactlyInAnyOrderElementsOf(expected);
    assertThat(new ClassDraws(TWO, new Seed(1)).first(0, 3, Optional.of(0.5)))
        .hasSize(3)
        .allSatisfy(place -> assertThat(place.sureness(0)).isLessThan(ClassDraws.UNSURE));
  }

  @Test
  void theNearestAreTheNearest() throws IOException {
    float[] z = {0.1f, 0.2f};
    int[] nearest = TWO.nearest(z, 5);
    float[][] means = TWO.codes().zMean();
    double fifth = distance(z, means[nearest[4]]);
    assertThat(nearest).hasSize(5).doesNotHaveDuplicates();
    assertThat(Arrays.stream(means).filter(mean -> distance(z, mean) < fifth)).hasSize(4);
  }

  @Test
  void codesTravelWithAModel(@TempDir Path folder) throws IOException {
    ImageCodes codes = two();
    Path published = publish(folder, codes);
    try (LoadedModel model = LoadedModel.open(published, Device.CPU)) {
      Labelling labelling = model.labelling().orElseThrow();
      ImageCodes read = labelling.codes();
      assertThat(labelling.judge().network().weights())
          .isEqualTo(Labellings.of(codes, 16).judge().network().weights());
      assertThat(labelling.classes()).isEqualTo(ClassNames.numbered(10));
      assertThat(read.zMean()).isDeepEqualTo(codes.zMean());
      assertThat(read.zStd()).isDeepEqualTo(codes.zStd());
      assertThat(read.labels()).isEqualTo(codes.labels());
      assertThat(read.bandwidth()).isEqualTo(codes.bandwidth());
      assertThat(read.imagesSha256()).isEqualTo(codes.imagesSha256());
    }
    // A damaged one is named.
    Path file = published.resolve("assets.extra/codes/codes-idx2-float32");
    byte[] bytes = Files.readAllBytes(file);
    bytes[100] ^= 1;
    Files.write(file, bytes);
    assertThatThrownBy(() -> LoadedModel.open(published, Device.CPU))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("codes-idx2-float32: damaged");
  }

  /** Labels that follow from the codes, but for a noise of 0.05, need no wide kernels. */
  @Test
  void theFitEncodesAllImagesAndChoosesABandwidth() throws IOException {
    byte[] pixels = new byte[1_500 * 4];
    new Random(1).nextBytes(pixels);
    byte[] labels = new byte[1_500];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (byte) ((pixels[4 * i] & 0xff) > 127 ? 1 : 0);
    }
    CodesFit.Encoder encoder =
        x -> {
          float[][] mean = new float[x.rows()][];
          float[][] std = new float[x.rows()][2];
          for (int i = 0; i < mean.length; i++) {
            mean[i] = new float[] {2 * x.row(i)[0] - 1, x.row(i)[1]};
            std[i] = new float[] {-8, -8};
          }
          return new Posterior(mean, std);
        };
    ImageCodes codes =
        CodesFit.fit(
            encoder, new Images(ImageShape.grey(4, 1), pixels, Labels.numbered(labels)), 2, QUIET);
    assertThat(codes.count()).isEqualTo(1_500);
    assertThat(codes.zMean()[1_499][0]).isEqualTo(2 * ((pixels[4 * 1_499] & 0xff) / 255f) - 1);
    assertThat(codes.bandwidth()).isBetween(0.01f, 0.12f);
    Atlas atlas = atlas(codes);
    assertThat(atlas.at(new float[] {0.5f, 0.5f}).byCodes()[1]).isGreaterThan(0.95);
    assertThat(atlas.at(new float[] {-0.5f, 0.5f}).byCodes()[0]).isGreaterThan(0.95);
  }

  private static Path publish(Path folder, ImageCodes codes) throws IOException {
    try (SmallModel model = new SmallModel(1)) {
      return model.publish(folder, Optional.of(Labellings.of(codes, 16)));
    }
  }

  /** An atlas of a model that decodes z to itself. */
  private static Atlas atlas(ImageCodes codes) {
    return new Atlas(new Labelling(ClassNames.numbered(10), codes, JUDGE), z -> z);
  }

  private static float[][] mirrored(float[][] z) {
    return Arrays.stream(z).map(point -> new float[] {-point[0], point[1]}).toArray(float[][]::new);
  }

  /** Of "images" of two values: a seven if the first is positive, else a three. */
  private static ImageJudge judge() {
    float[] weights = new float[20];
    weights[7] = 4;
    weights[10 + 3] = 4;
    float[] biases = new float[10];
    Arrays.fill(biases, -30);
    biases[3] = biases[7] = 0;
    return new ImageJudge(
        new Perceptron(new float[] {1, -1, 0, 0}, new float[2], weights, biases), 1);
  }

  private static ImageCodes two() {
    Random random = new Random(3);
    float[][] means = new float[IMAGES][2];
    float[][] stds = new float[IMAGES][2];
    byte[] labels = new byte[IMAGES];
    for (int i = 0; i < IMAGES; i++) {
      boolean seven = i % 2 == 1;
      labels[i] = (byte) (seven ? 7 : 3);
      means[i][0] = (seven ? 1 : -1) + 0.5f * (float) random.nextGaussian();
      means[i][1] = 0.5f * (float) random.nextGaussian();
      stds[i][0] = stds[i][1] = (float) Math.log(0.0064); // With the bandwidth's: 0.1².
    }
    return new ImageCodes(means, stds, labels, "0123", 0.06f);
  }

  private static double distance(float[] a, float[] b) {
    return Math.hypot(a[0] - b[0], a[1] - b[1]);
  }
}

package vae.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;
import vae.config.AdamSettings;
import vae.config.Computation;
import vae.config.Device;
import vae.config.LossFormula;
import vae.config.NetworkShape;
import vae.config.Objective;
import vae.config.Preset;
import vae.config.Schedule;
import vae.config.Seed;
import vae.config.Seed.Purpose;
import vae.config.Threads;
import vae.config.TrainingPlan;
import vae.model.TrainingStep;
import vae.model.VaeGraph;
import vae.runtime.FloatTensors;
import vae.runtime.Sessions;

/** What the preset {@code best} has beyond the tutorial. */
class BestTrainingTest {
  private static final NetworkShape SHAPE = new NetworkShape(16, 8, 2);
  private static final int BATCH = 32;

  @Test
  void theCosineGoesFromOneToAlmostNothing() {
    assertThat(Schedule.COSINE.factor(1, 100)).isEqualTo(1);
    assertThat(Schedule.COSINE.factor(51, 100)).isCloseTo(0.5f, within(1e-6f));
    assertThat(Schedule.COSINE.factor(100, 100)).isCloseTo(2.467e-4f, within(1e-6f));
    assertThat(Schedule.CONSTANT.factor(100, 100)).isEqualTo(1);
    assertThat(Preset.BEST.plan(new Seed(1)).learningRate(1)).isEqualTo(0.003f);
  }

  @Test
  void onlyGreyPixelsAreDrawnAndAsOftenAsTheyAreBright() {
    float[] pixels = new float[30_000];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = i % 3 / 2f;
      if (i % 3 == 1) {
        pixels[i] = 0.3f;
      }
    }
    float[] drawn = Binarised.drawn(new Seed(1), 1, pixels);
    double grey = 0;
    for (int i = 0; i < pixels.length; i++) {
      if (i % 3 == 1) {
        assertThat(drawn[i]).isIn(0f, 1f);
        grey += drawn[i] / 10_000;
      } else {
        assertThat(drawn[i]).isEqualTo(pixels[i]);
      }
    }
    assertThat(grey).isCloseTo(0.3, within(0.02));
    assertThat(Binarised.drawn(new Seed(1), 1, pixels)).isEqualTo(drawn);
    assertThat(Binarised.drawn(new Seed(1), 2, pixels)).isNotEqualTo(drawn);
  }

  /** What is logged is the loss of the images as they are, by the graph that is saved. */
  @Test
  void theLoggedLossIsOfImagesAsTheyAre() throws IOException {
    // So small a rate changes nothing: the loss before and after the step is of the same variables.
    TrainingPlan plan = plan(new Objective(LossFormula.LOGITS, 1), 1e-30f);
    firstStep(
        plan,
        (vae, session, first) -> {
          float expected = loss(vae, session, plan);
          assertThat(first.logged().orElseThrow().loss())
              .isCloseTo(expected, within(1e-5f * expected));
          assertThat(first.loss()).isNotCloseTo(expected, within(1e-3f * expected));
        });
  }

  /** With β = 3 the loss is that of β = 1 and twice the KL divergence more. */
  @Test
  void betaWeighsTheDivergence() throws IOException {
    float one = logged(new Objective(LossFormula.LOGITS, 1)).loss();
    StepReport.Logged three = logged(new Objective(LossFormula.LOGITS, 3));
    assertThat(three.kl()).isPositive();
    assertThat(three.loss()).isCloseTo(one + 2 * three.kl(), within(1e-4f * one));
  }

  private static StepReport.Logged logged(Objective objective) throws IOException {
    List<StepReport> first = new ArrayList<>();
    firstStep(plan(objective, 1e-30f), (vae, session, report) -> first.add(report));
    return first.get(0).logged().orElseThrow();
  }

  /** Looks at the first step once a training is over. */
  @FunctionalInterface
  private interface Look {
    void at(VaeGraph vae, Session session, StepReport first);
  }

  private static void firstStep(TrainingPlan plan, Look look) throws IOException {
    List<StepReport> reports = new ArrayList<>();
    try (Graph graph = new Graph()) {
      VaeGraph vae = VaeGraph.build(graph, plan);
      TrainingStep step =
          TrainingStep.quickest(
              vae, plan, new Computation(Device.CPU, new Threads(2), true, false, false), 1);
      try (Session session = new Session(graph, Sessions.config(Device.CPU));
          Trainer trainer = new Trainer(plan, step, session, BestTrainingTest::copyBatch)) {
        session.initialize();
        trainer.run(1, reports::add, () -> false);
        look.at(vae, session, reports.get(0));
      }
    }
  }

  private static float loss(VaeGraph vae, Session session, TrainingPlan plan) {
    float[] pixels = new float[BATCH * SHAPE.input()];
    copyBatch(1, pixels);
    float[] noise = new float[BATCH * SHAPE.latent()];
    plan.seed().fillNormal(Purpose.LOGGING_NOISE, 1, noise);
    try (TFloat32 x = TFloat32.tensorOf(Shape.of(BATCH, SHAPE.input()));
        TFloat32 epsilon = TFloat32.tensorOf(Shape.of(BATCH, SHAPE.latent()))) {
      FloatTensors.write(x, pixels);
      FloatTensors.write(epsilon, noise);
      try (Result result =
          session.runner().feed(vae.x(), x).feed(vae.epsilon(), epsilon).fetch(vae.loss()).run()) {
        return ((TFloat32) result.get(0)).getFloat();
      }
    }
  }

  private static TrainingPlan plan(Objective objective, float learningRate) {
    return new TrainingPlan(
        SHAPE,
        objective,
        AdamSettings.withLearningRate(learningRate),
        Schedule.COSINE,
        true,
        2,
        BATCH,
        1,
        new Seed(4));
  }

  private static void copyBatch(long step, float[] target) {
    Random random = new Random(step);
    for (int i = 0; i < target.length; i++) {
      target[i] = random.nextFloat();
    }
  }
}

package vae.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import vae.config.Device;
import vae.config.LossFormula;
import vae.config.NetworkShape;
import vae.config.RmsPropSettings;
import vae.config.Seed;
import vae.config.Seed.Purpose;
import vae.config.TrainingPlan;
import vae.mnist.Images;
import vae.mnist.Labels;
import vae.mnist.MiniBatches;
import vae.model.TrainingStep;
import vae.model.VaeGraph;
import vae.runtime.FloatTensors;
import vae.runtime.Sessions;
import vae.tensor.ImageShape;

/** The loop, on a small network and made-up images. */
class TrainerTest {
  private static final int PIXELS = 36;
  private static final int IMAGES = 50;

  @Test
  void aSeedDecidesEveryByteOfTheVariables() {
    List<byte[]> first = trained(plan(40, 10, 3, 0.001f));
    assertThat(trained(plan(40, 10, 3, 0.001f))).containsExactlyElementsOf(first);
    assertThat(trained(plan(40, 10, 4, 0.001f)).get(0)).isNotEqualTo(first.get(0));
  }

  @Test
  void loggingChangesNothing() {
    assertThat(trained(plan(40, 1, 3, 0.001f)))
        .containsExactlyElementsOf(trained(plan(40, 1_000, 3, 0.001f)));
  }

  @Test
  void reportsEachStepAndLogsTheFirstAndEachNth() {
    List<StepReport> reports = new ArrayList<>();
    try (Run run = new Run(plan(25, 10, 3, 0.001f))) {
      assertThat(run.train(reports::add)).isEqualTo(25);
    }
    assertThat(reports).extracting(StepReport::step).hasSize(25).startsWith(1, 2).endsWith(25);
    assertThat(reports.stream().filter(report -> report.logged().isPresent()))
        .extracting(StepReport::step)
        .containsExactly(1, 10, 20);
  }

  @Test
  void theLossFalls() {
    List<Double> logged = new ArrayList<>();
    try (Run run = new Run(plan(400, 50, 3, 0.003f))) {
      run.train(report -> report.logged().ifPresent(each -> logged.add((double) each.loss())));
    }
    assertThat(logged.get(logged.size() - 1)).isLessThan(0.8 * logged.get(0));
  }

  @Test
  void stopsAfterTheStepInWhichItIsAskedTo() throws IOException {
    try (Run run = new Run(plan(1_000, 10, 3, 0.001f))) {
      List<Integer> steps = new ArrayList<>();
      int taken = run.trainer.run(1, report -> steps.add(report.step()), () -> steps.contains(7));
      assertThat(taken).isEqualTo(7);
    }
  }

  @Test
  void stopsAtTheStepWhoseLossIsNotFinite() {
    List<Integer> steps = new ArrayList<>();
    try (Run run = new Run(plan(1_000, 1_000, 3, 0.001f))) {
      assertThatThrownBy(
              () ->
                  run.train(
                      report -> {
                        steps.add(report.step());
                        if (report.step() == 5) {
                          run.poison();
                        }
                      }))
          .isInstanceOf(DivergedException.class)
          .hasMessage("step 6: expected a finite loss, found NaN");
    }
    assertThat(steps).containsExactly(1, 2, 3, 4, 5);
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
  void noticesAnUpdateSpoiltInTheVeryLastStep(float spoilt) {
    // Step 2 is not logged, and its own loss is from before the update.
    try (Run run = new Run(plan(2, 1_000, 3, 0.001f))) {
      assertThatThrownBy(() -> run.train(report -> run.poisonSlots(spoilt)))
          .isInstanceOf(DivergedException.class)
          .hasMessageStartingWith("step 2: expected a finite loss");
    }
  }

  @Test
  void theLoggedLossIsThatOfTheSameBatchAfterTheUpdateWithFreshNoise() {
    TrainingPlan plan = plan(1, 1, 3, 0.01f);
    List<Double> logged = new ArrayList<>();
    try (Run run = new Run(plan)) {
      run.train(report -> report.logged().ifPresent(each -> logged.add((double) each.loss())));
      double fresh = run.loss(plan.seed().random(Purpose.LOGGING_NOISE, 1));
      assertThat(logged).containsExactly(fresh);
      assertThat(fresh).isNotEqualTo(run.loss(plan.seed().random(Purpose.TRAINING_NOISE, 1)));
    }
  }

  private static TrainingPlan plan(int steps, int logEvery, long seed, float learningRate) {
    return new TrainingPlan(
        new NetworkShape(PIXELS, 16, 2),
        LossFormula.TUTORIAL,
        RmsPropSettings.withLearningRate(learningRate),
        steps,
        8,
        logEvery,
        new Seed(seed));
  }

  private static List<byte[]> trained(TrainingPlan plan) {
    try (Run run = new Run(plan)) {
      run.train(report -> {});
      return run.variables();
    }
  }

  /** Grey images of a few kinds, so that there is something to learn. */
  private static Images images() {
    Random random = new Random(1);
    byte[] pixels = new byte[IMAGES * PIXELS];
    for (int i = 0; i < pixels.length; i++) {
      boolean bright = i / PIXELS % 3 == i % 3;
      pixels[i] = (byte) (bright ? 155 + random.nextInt(100) : random.nextInt(60));
    }
    return new Images(ImageShape.grey(PIXELS, 1), pixels, Labels.none(IMAGES));
  }

  private static final class Run implements AutoCloseable {
    private final TrainingPlan plan;
    private final Graph graph = new Graph();
    private final VaeGraph vae;
    private final Session session;
    final Trainer trainer;

    Run(TrainingPlan plan) {
      this.plan = plan;
      vae = VaeGraph.build(graph, plan);
      session = new Session(graph, Sessions.config(Device.CPU));
      session.initialize();
      var batches = new MiniBatches(images(), plan.batchSize(), plan.seed());
      trainer = new Trainer(plan, TrainingStep.tutorial(vae), session, batches::copyBatch);
    }

    int train(TrainingListener listener) {
      try {
        return trainer.run(1, listener, () -> false);
      } catch (IOException e) {
        throw new AssertionError("images in memory can't fail", e);
      }
    }

    /** Makes the next update spoil a variable, and leaves this step's loss as it is. */
    void poisonSlots(float value) {
      var tf = Ops.create(graph);
      var momentum = vae.variables().get(vae.variables().size() - 1);
      session.run(tf.assign(momentum, tf.fill(tf.shape(momentum), tf.constant(value))));
      var meanSquare = vae.variables().get(vae.variables().size() - 2);
      session.run(tf.assign(meanSquare, tf.fill(tf.shape(meanSquare), tf.constant(Float.NaN))));
    }

    /** The loss of step 1's batch with the variables as they are. */
    double loss(Random random) {
      float[] pixels = new float[plan.batchSize() * PIXELS];
      new MiniBatches(images(), plan.batchSize(), plan.seed()).copyBatch(1, pixels);
      float[] noise = new float[plan.batchSize() * plan.shape().latent()];
      for (int i = 0; i < noise.length; i++) {
        noise[i] = (float) random.nextGaussian();
      }
      try (TFloat32 x = TFloat32.tensorOf(Shape.of(plan.batchSize(), PIXELS));
          TFloat32 epsilon = TFloat32.tensorOf(Shape.of(plan.batchSize(), 2))) {
        FloatTensors.write(x, pixels);
        FloatTensors.write(epsilon, noise);
        try (Result result =
            session
                .runner()
                .feed(vae.x(), x)
                .feed(vae.epsilon(), epsilon)
                .fetch(vae.loss())
                .run()) {
          return ((TFloat32) result.get(0)).getFloat();
        }
      }
    }

    /** Makes one variable NaN, as a bad update would. */
    void poison() {
      var tf = Ops.create(graph);
      var bias = vae.trainable().get(9);
      session.run(tf.assign(bias, tf.math.mul(bias, tf.constant(Float.NaN))));
    }

    /** The bytes of each variable, slots included. */
    List<byte[]> variables() {
      Session.Runner runner = session.runner();
      vae.variables().forEach(runner::fetch);
      List<byte[]> bytes = new ArrayList<>();
      try (Result result = runner.run()) {
        for (int i = 0; i < vae.variables().size(); i++) {
          TFloat32 value = (TFloat32) result.get(i);
          byte[] copy = new byte[(int) value.numBytes()];
          value.asRawTensor().data().read(copy);
          bytes.add(copy);
        }
      }
      return bytes;
    }

    @Override
    public void close() {
      trainer.close();
      session.close();
      graph.close();
    }
  }
}

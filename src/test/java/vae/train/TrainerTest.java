package vae.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import vae.config.Device;
import vae.config.LossFormula;
import vae.config.NetworkShape;
import vae.config.RmsPropSettings;
import vae.config.Seed;
import vae.config.TrainingPlan;
import vae.mnist.Images;
import vae.mnist.MiniBatches;
import vae.model.Sessions;
import vae.model.VaeGraph;

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
    assertThat(reports.stream().filter(report -> report.loggedLoss().isPresent()))
        .extracting(StepReport::step)
        .containsExactly(1, 10, 20);
  }

  @Test
  void theLossFalls() {
    List<Double> logged = new ArrayList<>();
    try (Run run = new Run(plan(400, 50, 3, 0.003f))) {
      run.train(report -> report.loggedLoss().ifPresent(logged::add));
    }
    assertThat(logged.get(logged.size() - 1)).isLessThan(0.8 * logged.get(0));
  }

  @Test
  void stopsAfterTheStepInWhichItIsAskedTo() {
    try (Run run = new Run(plan(1_000, 10, 3, 0.001f))) {
      List<Integer> steps = new ArrayList<>();
      int taken = run.trainer.run(report -> steps.add(report.step()), () -> steps.contains(7));
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
          .isInstanceOf(NonFiniteLossException.class)
          .hasMessage("step 6: expected a finite loss, found NaN");
    }
    assertThat(steps).containsExactly(1, 2, 3, 4, 5);
  }

  @Test
  void noticesAnUpdateSpoiltInTheVeryLastStep() {
    // The first update of this size leaves variables whose loss is not finite.
    try (Run run = new Run(plan(1, 1_000, 3, Float.MAX_VALUE))) {
      assertThatThrownBy(() -> run.train(report -> {}))
          .isInstanceOf(NonFiniteLossException.class)
          .hasMessageStartingWith("step 1: ");
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
    return new Images(PIXELS, pixels, new byte[IMAGES]);
  }

  private static final class Run implements AutoCloseable {
    private final Graph graph = new Graph();
    private final VaeGraph vae;
    private final Session session;
    final Trainer trainer;

    Run(TrainingPlan plan) {
      vae = VaeGraph.build(graph, plan);
      session = new Session(graph, Sessions.config(Device.CPU));
      var batches = new MiniBatches(images(), plan.batchSize(), plan.seed());
      trainer = new Trainer(plan, vae, session, batches);
    }

    int train(TrainingListener listener) {
      return trainer.run(listener, () -> false);
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

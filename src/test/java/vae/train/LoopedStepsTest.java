package vae.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.types.TFloat32;
import vae.config.AdamSettings;
import vae.config.Computation;
import vae.config.Device;
import vae.config.LossFormula;
import vae.config.NetworkShape;
import vae.config.Objective;
import vae.config.OptimizerSettings;
import vae.config.RmsPropSettings;
import vae.config.Schedule;
import vae.config.Seed;
import vae.config.Threads;
import vae.config.TrainingPlan;
import vae.mnist.Images;
import vae.mnist.SyntheticImages;
import vae.model.TrainingStep;
import vae.model.VaeGraph;
import vae.runtime.FloatTensors;
import vae.runtime.Sessions;

/**
 * Many steps a call against one: without XLA, and compiled by XLA for the CPU. The compiled code
 * takes over after a few steps.
 */
class LoopedStepsTest {
  private static final Images IMAGES = SyntheticImages.of(500, new Seed(5));
  private static final int MOST = 5;
  private static final int COMPILED_FROM = 6;
  private static final OptionalInt NEVER = OptionalInt.empty();
  private static final OptionalInt SOON = OptionalInt.of(COMPILED_FROM);
  private static final OptionalInt AT_ONCE = OptionalInt.of(1);

  static List<TrainingPlan> plans() {
    var shape = NetworkShape.TUTORIAL;
    return List.of(
        plan(shape, LossFormula.TUTORIAL, RmsPropSettings.TUTORIAL, Schedule.CONSTANT, false),
        plan(shape, LossFormula.LOGITS, rmsProp(0.9f), Schedule.COSINE, false),
        plan(
            shape, LossFormula.L2, AdamSettings.withLearningRate(0.003f), Schedule.CONSTANT, false),
        // The preset best.
        plan(
            shape,
            LossFormula.LOGITS,
            AdamSettings.withLearningRate(0.003f),
            Schedule.COSINE,
            true),
        plan(
            new NetworkShape(784, 33, 20),
            LossFormula.LOGITS,
            RmsPropSettings.TUTORIAL,
            Schedule.CONSTANT,
            true));
  }

  /**
   * Losses, and the variables after some steps: the slots are part of them, and the noise and
   * images of all steps in them.
   */
  @ParameterizedTest
  @MethodSource("plans")
  void theFirstStepsAreTheTowersToTheRounding(TrainingPlan plan) throws IOException {
    TrainingPlan few = plan.continued(10, 1_000);
    int looked = 3;
    Trained expected = Trained.inTowers(few, Set.of(looked));
    List<float[]> variables = expected.after(looked);
    for (OptionalInt compiledFrom : List.of(NEVER, AT_ONCE)) {
      Trained found = Trained.looped(few, compiledFrom, Set.of(looked));
      assertThat(found.losses).hasSize(10);
      for (int i = 0; i < 10; i++) {
        assertThat(found.losses.get(i))
            .as("step %d, compiled from %s", i + 1, compiledFrom)
            .isCloseTo(expected.losses.get(i), within(2e-5f * expected.losses.get(i)));
      }
      for (int i = 0; i < variables.size(); i++) {
        assertThat(distance(found.after(looked).get(i), variables.get(i)))
            .as("variable %d, compiled from %s", i, compiledFrom)
            .isLessThan(1e-4);
      }
    }
  }

  /** The tutorial's plan, and the preset best's. */
  static List<TrainingPlan> presets() {
    return List.of(plans().get(0), plans().get(3));
  }

  @ParameterizedTest
  @MethodSource("presets")
  void howStepsAreCutIntoCallsChangesNoBit(TrainingPlan plan) throws IOException {
    for (OptionalInt compiledFrom : List.of(NEVER, SOON)) {
      Trained expected = Trained.looped(plan, compiledFrom, Set.of());
      Trained logged = Trained.looped(plan.continued(plan.steps(), 4), compiledFrom, Set.of());
      Trained paused = Trained.looped(plan, compiledFrom, Set.of(3, 8, 9, 17));
      assertThat(logged.losses).isEqualTo(expected.losses);
      assertThat(paused.losses).isEqualTo(expected.losses);
      for (int i = 0; i < expected.variables.size(); i++) {
        assertThat(logged.variables.get(i)).isEqualTo(expected.variables.get(i));
        assertThat(paused.variables.get(i)).isEqualTo(expected.variables.get(i));
      }
    }
  }

  @Test
  void aTrainingThatGoesOnGivesTheSameBytes() throws IOException {
    TrainingPlan plan = plans().get(3);
    Trained expected = Trained.looped(plan, SOON, Set.of());
    try (var run = new Run(plan, SOON)) {
      List<Float> losses = new ArrayList<>();
      int taken =
          run.trainer.run(
              1,
              pausing(Set.of(11), report -> losses.add(report.loss())),
              () -> losses.size() == 11);
      assertThat(taken).isEqualTo(11);
      run.trainer.run(12, report -> losses.add(report.loss()), () -> false);
      assertThat(losses).isEqualTo(expected.losses);
      List<float[]> variables = run.variables();
      for (int i = 0; i < variables.size(); i++) {
        assertThat(variables.get(i)).isEqualTo(expected.variables.get(i));
      }
    }
  }

  @Test
  void theFirstLossThatIsNotFiniteIsNamed() throws IOException {
    TrainingPlan plan =
        plan(
            NetworkShape.TUTORIAL,
            LossFormula.TUTORIAL,
            RmsPropSettings.withLearningRate(0.5f),
            Schedule.CONSTANT,
            false);
    String expected = divergence(() -> Trained.inTowers(plan, Set.of()));
    assertThat(expected).matches("step \\d+: expected a finite loss, found (NaN|-?Infinity)");
    assertThat(divergence(() -> Trained.looped(plan, NEVER, Set.of()))).isEqualTo(expected);
    assertThat(divergence(() -> Trained.looped(plan, AT_ONCE, Set.of()))).isEqualTo(expected);
  }

  @Test
  void whatIsLoggedIsOfTheVariablesAfterTheStep() throws IOException {
    TrainingPlan plan = plans().get(0).continued(20, 5);
    List<Float> expected = Trained.inTowers(plan, Set.of()).logged;
    List<Float> found = Trained.looped(plan, NEVER, Set.of()).logged;
    assertThat(found).hasSize(5);
    for (int i = 0; i < found.size(); i++) {
      assertThat(found.get(i)).isCloseTo(expected.get(i), within(1e-3f * expected.get(i)));
    }
  }

  /** A training that may diverge. */
  private interface Training {
    Trained run() throws IOException;
  }

  private static String divergence(Training training) {
    return String.valueOf(
        catchThrowableOfType(DivergedException.class, training::run).getMessage());
  }

  private static RmsPropSettings rmsProp(float momentum) {
    return new RmsPropSettings(0.001f, 0.9f, momentum, 1e-10f);
  }

  private static TrainingPlan plan(
      NetworkShape shape,
      LossFormula formula,
      OptimizerSettings optimizer,
      Schedule schedule,
      boolean binarised) {
    return new TrainingPlan(
        shape,
        new Objective(formula, 1),
        optimizer,
        schedule,
        binarised,
        20,
        64,
        1_000,
        new Seed(3));
  }

  private static TrainingListener pausing(Set<Integer> after, TrainingListener listener) {
    return new TrainingListener() {
      @Override
      public void onStep(StepReport report) throws IOException {
        listener.onStep(report);
      }

      @Override
      public boolean pausesAfter(int step) {
        return after.contains(step);
      }

      @Override
      public void onNotCompiled(String why) {
        throw new AssertionError(why);
      }
    };
  }

  /** ‖found − expected‖ / ‖expected‖, but for values that are near none. */
  private static double distance(float[] found, float[] expected) {
    double apart = 0;
    double length = 0;
    for (int i = 0; i < expected.length; i++) {
      apart += Math.pow(found[i] - expected[i], 2);
      length += Math.pow(expected[i], 2);
    }
    return Math.sqrt(apart / Math.max(length, 1e-12));
  }

  /**
   * A whole training.
   *
   * @param losses of each step
   * @param logged at the steps that are logged
   * @param variables and slots, as they are at the end
   * @param paused the same at each pause, by step
   */
  private record Trained(
      List<Float> losses,
      List<Float> logged,
      List<float[]> variables,
      Map<Integer, List<float[]>> paused) {
    List<float[]> after(int step) {
      return Objects.requireNonNull(paused.get(step));
    }

    static Trained inTowers(TrainingPlan plan, Set<Integer> pauses) throws IOException {
      try (var run =
          new Run(
              plan,
              vae ->
                  TrainingStep.quickest(
                      vae,
                      plan,
                      new Computation(Device.CPU, new Threads(2), true, false, false),
                      IMAGES.count()))) {
        return run.train(pauses);
      }
    }

    static Trained looped(TrainingPlan plan, OptionalInt compiledFrom, Set<Integer> pauses)
        throws IOException {
      try (var run = new Run(plan, compiledFrom)) {
        return run.train(pauses);
      }
    }
  }

  /** A graph in a session, ready to train. */
  private static final class Run implements AutoCloseable {
    private final Graph graph = new Graph();
    private final VaeGraph vae;
    private final Session session;
    private final Trainer trainer;

    Run(TrainingPlan plan, OptionalInt compiledFrom) {
      this(plan, vae -> TrainingStep.looped(vae, plan, IMAGES.count(), MOST, compiledFrom));
    }

    Run(TrainingPlan plan, Function<VaeGraph, TrainingStep> step) {
      vae = VaeGraph.build(graph, plan);
      TrainingStep built = step.apply(vae);
      session = new Session(graph, Sessions.config(Device.CPU, new Threads(2)));
      session.initialize();
      trainer =
          new Trainer(
              plan, built, session, new ImagesInMemory(IMAGES, plan.batchSize(), plan.seed()));
    }

    Trained train(Set<Integer> pauses) throws IOException {
      List<Float> losses = new ArrayList<>();
      List<Float> logged = new ArrayList<>();
      Map<Integer, List<float[]>> paused = new HashMap<>();
      trainer.run(
          1,
          pausing(
              pauses,
              report -> {
                losses.add(report.loss());
                report.logged().ifPresent(each -> logged.add(each.loss()));
                if (pauses.contains(report.step())) {
                  paused.put(report.step(), variables());
                }
              }),
          () -> false);
      return new Trained(losses, logged, variables(), paused);
    }

    List<float[]> variables() {
      Session.Runner runner = session.runner();
      vae.variables().forEach(runner::fetch);
      try (Result values = runner.run()) {
        List<float[]> copies = new ArrayList<>();
        for (int i = 0; i < vae.variables().size(); i++) {
          copies.add(FloatTensors.values((TFloat32) values.get(i)));
        }
        return copies;
      }
    }

    @Override
    public void close() {
      trainer.close();
      session.close();
      graph.close();
    }
  }
}

package vae.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.core.Variable;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.types.TFloat32;
import vae.config.Device;
import vae.config.LossFormula;
import vae.config.NetworkShape;
import vae.config.RmsPropSettings;
import vae.config.Seed;
import vae.config.Threads;
import vae.config.TrainingPlan;
import vae.functions.ModelInSession;
import vae.runtime.FloatTensors;
import vae.runtime.Sessions;
import vae.storage.SavedModelWriter;
import vae.testing.Variables;

/** The step in towers against the tutorial's own, which GoldenTest holds against Python's. */
class TowerStepTest {
  private static final int STEPS = 20;

  @ParameterizedTest
  @EnumSource
  void oneTowerIsTheTutorialsStepToTheBit(LossFormula formula) {
    try (Training training = new Training(plan(64, formula))) {
      List<float[]> expected = training.run(TrainingStep.tutorial(training.vae));
      training.rewind();
      List<float[]> found = training.run(TowerStep.build(training.vae, training.plan, 1));
      for (int i = 0; i < expected.size(); i++) {
        assertThat(found.get(i)).as("number %d", i).isEqualTo(expected.get(i));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"64, 2", "50, 3", "33, 2"})
  void gradientsOfTowersAreTheTutorialsButForRoundings(int batch, int towers) {
    try (Training training = new Training(plan(batch, LossFormula.TUTORIAL))) {
      training.draw(new Random(3));
      TrainingStep tutorial = TrainingStep.tutorial(training.vae);
      TrainingStep cut = TowerStep.build(training.vae, training.plan, towers);
      assertThat(cut.gradients().keySet())
          .containsExactlyInAnyOrderElementsOf(tutorial.gradients().keySet());
      for (String name : tutorial.gradients().keySet()) {
        float[] expected = training.gradient(tutorial, name);
        float[] found = training.gradient(cut, name);
        float largest = 0;
        for (float value : expected) {
          largest = Math.max(largest, Math.abs(value));
        }
        for (int i = 0; i < expected.length; i++) {
          assertThat(found[i])
              .as("%s, entry %d", name, i)
              .isCloseTo(expected[i], within(2e-6f * largest));
        }
      }
    }
  }

  @Test
  void aRunGivesTheSameBytesAgain() {
    try (Training training = new Training(plan(64, LossFormula.TUTORIAL))) {
      TrainingStep step = TowerStep.build(training.vae, training.plan, 2);
      List<float[]> first = training.run(step);
      training.rewind();
      List<float[]> second = training.run(step);
      for (int i = 0; i < first.size(); i++) {
        assertThat(second.get(i)).as("number %d", i).isEqualTo(first.get(i));
      }
    }
  }

  /** Else a gradient might read a weight that has just been overwritten. */
  @Test
  void noVariableChangesBeforeAllThatReadItHaveRead() {
    try (Training training = new Training(plan(64, LossFormula.TUTORIAL))) {
      TowerStep.build(training.vae, training.plan, 2);
      List<GraphOperation> ops = new ArrayList<>();
      training.graph.operations().forEachRemaining(ops::add);
      List<GraphOperation> updates =
          ops.stream()
              .filter(op -> op.name().startsWith("training/") && op.type().equals("ApplyRMSProp"))
              .toList();
      assertThat(updates).hasSize(10);
      for (GraphOperation update : updates) {
        String variable = update.input(0).op().name();
        Set<GraphOperation> before = new LinkedHashSet<>(update.controlInputs());
        List<GraphOperation> readers =
            ops.stream()
                .filter(op -> op.name().startsWith("training/") && !updates.contains(op))
                .filter(op -> reads(op, variable))
                .toList();
        assertThat(readers).as(variable).isNotEmpty();
        assertThat(before).as(variable).containsAll(readers);
      }
    }
  }

  @Test
  void whatIsSavedIsTheTutorialsGraph(@TempDir Path folder) throws IOException {
    try (Training training = new Training(plan(64, LossFormula.TUTORIAL))) {
      TrainingStep.looped(training.vae, training.plan, 1, 2, OptionalInt.of(1));
      assertThat(training.graph.toGraphDef().getNodeList()).anyMatch(TowerStepTest::isAdded);
      SavedModelWriter.write(
          ModelInSession.of(training.vae, training.session),
          Optional.empty(),
          Optional.empty(),
          folder);
      byte[] written = Files.readAllBytes(folder.resolve("saved_model.pb"));
      GraphDef saved = SavedModel.parseFrom(written).getMetaGraphs(0).getGraphDef();
      assertThat(saved.getLibrary().getFunctionList()).isEmpty();
      assertThat(saved.getNodeList()).isNotEmpty().noneMatch(TowerStepTest::isAdded);
    }
  }

  /** Whether it is of a tower, or of a loop. */
  private static boolean isAdded(NodeDef node) {
    return node.getName().startsWith("training") || node.getName().startsWith("loop");
  }

  private static boolean reads(GraphOperation op, String variable) {
    for (int i = 0; i < op.numInputs(); i++) {
      if (op.input(i).op().name().equals(variable)) {
        return true;
      }
    }
    return false;
  }

  private static TrainingPlan plan(int batch, LossFormula formula) {
    return new TrainingPlan(
        NetworkShape.TUTORIAL, formula, RmsPropSettings.TUTORIAL, STEPS, batch, 1, new Seed(7));
  }

  /** A graph with variables, and images and noise to train them with. */
  private static final class Training implements AutoCloseable {
    private final Graph graph = new Graph();
    private final TrainingPlan plan;
    private final VaeGraph vae;
    private final Session session;
    private final TFloat32 x;
    private final TFloat32 epsilon;
    private final List<float[]> initial = new ArrayList<>();

    Training(TrainingPlan plan) {
      this.plan = plan;
      vae = VaeGraph.build(graph, plan);
      session = new Session(graph, Sessions.config(Device.CPU, new Threads(2)));
      session.initialize();
      x = TFloat32.tensorOf(Shape.of(plan.batchSize(), plan.shape().input()));
      epsilon = TFloat32.tensorOf(Shape.of(plan.batchSize(), plan.shape().latent()));
      vae.variables().forEach(variable -> initial.add(value(variable)));
    }

    /** Gives the variables the values that they began with. */
    void rewind() {
      for (int i = 0; i < initial.size(); i++) {
        Variables.assign(session, vae.variables().get(i), initial.get(i));
      }
    }

    void draw(Random random) {
      float[] pixels = new float[(int) x.size()];
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = random.nextInt(4) == 0 ? random.nextFloat() : 0;
      }
      float[] noise = new float[(int) epsilon.size()];
      for (int i = 0; i < noise.length; i++) {
        noise[i] = (float) random.nextGaussian();
      }
      FloatTensors.write(x, pixels);
      FloatTensors.write(epsilon, noise);
    }

    /** The losses, then all variables and slots after the last step. */
    List<float[]> run(TrainingStep step) {
      Random random = new Random(11);
      float[] losses = new float[STEPS];
      for (int i = 0; i < STEPS; i++) {
        draw(random);
        try (Result result =
            session
                .runner()
                .feed(step.x(), x)
                .feed(step.epsilon(), epsilon)
                .addTarget(step.update())
                .fetch(step.loss())
                .run()) {
          losses[i] = ((TFloat32) result.get(0)).getFloat();
        }
      }
      List<float[]> found = new ArrayList<>(List.of(losses));
      for (Variable<TFloat32> variable : vae.variables()) {
        found.add(value(variable));
      }
      return found;
    }

    float[] gradient(TrainingStep step, String name) {
      try (Result result =
          session
              .runner()
              .feed(step.x(), x)
              .feed(step.epsilon(), epsilon)
              .fetch(Objects.requireNonNull(step.gradients().get(name)))
              .run()) {
        return FloatTensors.values((TFloat32) result.get(0));
      }
    }

    private float[] value(Variable<TFloat32> variable) {
      try (Result result = session.runner().fetch(variable).run()) {
        return FloatTensors.values((TFloat32) result.get(0));
      }
    }

    @Override
    public void close() {
      x.close();
      epsilon.close();
      session.close();
      graph.close();
    }
  }
}

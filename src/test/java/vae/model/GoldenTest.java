package vae.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;
import vae.config.Device;
import vae.config.LossFormula;
import vae.config.NetworkShape;
import vae.config.RmsPropSettings;
import vae.config.Seed;
import vae.config.TrainingPlan;
import vae.runtime.FloatTensors;
import vae.runtime.Sessions;
import vae.testing.Variables;

/** The graph against what Python TF1 computed from the same weights, images and noise. */
class GoldenTest {
  /** Of the largest entry of an array: forward values and losses. */
  private static final float FORWARD = 2e-6f;

  /** Of the largest entry of an array: gradients, and variables and slots after three steps. */
  private static final float BACKWARD = 1e-5f;

  private static final NetworkShape TINY = new NetworkShape(12, 8, 2);

  @Test
  void theInputsAreThoseOfPython() {
    // The examples in the header of the golden files.
    assertThat(GoldenFile.hash(0, 5)).isEqualTo(1548080446);
    assertThat(GoldenFile.hash(9, 5)).isEqualTo(930080574);
    assertThat(GoldenFile.hash(101, 5)).isEqualTo(752458741);
  }

  @ParameterizedTest
  @CsvSource({"tiny.txt, 4", "tutorial.txt, 16"})
  void forwardPassLossAndGradients(String file, int batch) throws Exception {
    GoldenFile golden = GoldenFile.read(file);
    try (Model model = new Model(shape(file), LossFormula.TUTORIAL, batch)) {
      model.check(golden, "z_mean", model.vae.encoding().zMean(), FORWARD);
      model.check(golden, "z_std", model.vae.encoding().zStd(), FORWARD);
      model.check(golden, "recon", model.vae.recon(), FORWARD);
      model.check(golden, "generate", model.vae.generator().image(), FORWARD);
      model.check(golden, "loss", model.vae.loss(), FORWARD);
      List<Variable<TFloat32>> trainable = model.vae.trainable();
      Output<?>[] gradients =
          model.graph.addGradients(
              model.vae.loss().asOutput(),
              trainable.stream().map(Variable::asOutput).toArray(Output<?>[]::new));
      for (int i = 0; i < gradients.length; i++) {
        String name = "gradient/" + trainable.get(i).op().name();
        model.check(golden, name, gradients[i].expect(TFloat32.class), BACKWARD);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"tiny.txt, 4", "tutorial.txt, 16"})
  void lossFromLogits(String file, int batch) throws Exception {
    try (Model model = new Model(shape(file), LossFormula.LOGITS, batch)) {
      model.check(GoldenFile.read(file), "loss_logits", model.vae.loss(), FORWARD);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "tiny.txt, 4, TUTORIAL, 0",
    "tutorial.txt, 16, TUTORIAL, 0",
    "tiny.txt, 4, LOGITS, 0",
    "tutorial.txt, 16, LOGITS, 0",
    "tiny.txt, 4, TUTORIAL, 1",
    "tiny.txt, 4, TUTORIAL, 3",
    "tutorial.txt, 16, TUTORIAL, 2",
    "tutorial.txt, 16, LOGITS, 2"
  })
  void threeStepsOfRmsPropWithSlots(String file, int batch, LossFormula formula, int towers)
      throws Exception {
    GoldenFile golden = GoldenFile.read(file);
    try (Model model = new Model(shape(file), formula, batch)) {
      // None is the tutorial's own step.
      TrainingStep trainingStep =
          towers == 0
              ? TrainingStep.tutorial(model.vae)
              : TowerStep.build(model.vae, model.plan, towers);
      for (int step = 1; step <= 3; step++) {
        model.useStep(step);
        model.checkTrainStep(trainingStep, golden, "step" + step + "/loss");
      }
      assertThat(model.vae.variables()).hasSize(30);
      for (Variable<TFloat32> variable : model.vae.variables()) {
        model.check(golden, "after3/" + variable.op().name(), variable, BACKWARD);
      }
    }
  }

  private static NetworkShape shape(String file) {
    return file.equals("tiny.txt") ? TINY : NetworkShape.TUTORIAL;
  }

  /** A graph with the golden initial values, and the inputs of one step. */
  private static final class Model implements AutoCloseable {
    private final Graph graph = new Graph();
    private final TrainingPlan plan;
    private final VaeGraph vae;
    private final Session session;
    private final TFloat32 x;
    private final TFloat32 epsilon;
    private final TFloat32 noise;

    Model(NetworkShape shape, LossFormula formula, int batch) {
      plan = new TrainingPlan(shape, formula, RmsPropSettings.TUTORIAL, 3, batch, 1, new Seed(0));
      vae = VaeGraph.build(graph, plan);
      session = new Session(graph, Sessions.config(Device.CPU));
      x = TFloat32.tensorOf(Shape.of(batch, shape.input()));
      epsilon = TFloat32.tensorOf(Shape.of(batch, shape.latent()));
      noise = TFloat32.tensorOf(Shape.of(batch, shape.latent()));
      FloatTensors.write(noise, GoldenFile.noise((int) noise.size()));
      for (int number = 0; number < vae.trainable().size(); number++) {
        Variable<TFloat32> variable = vae.trainable().get(number);
        Shape s = variable.shape();
        Variables.assign(
            session, variable, GoldenFile.initialValue(number, (int) s.size(), s.get(0)));
      }
      useStep(1);
    }

    void useStep(int step) {
      FloatTensors.write(x, GoldenFile.pixels(step, (int) x.size()));
      FloatTensors.write(epsilon, GoldenFile.epsilon(step, (int) epsilon.size()));
    }

    void check(GoldenFile golden, String name, Operand<TFloat32> found, float tolerance) {
      try (Result result = feed().fetch(found).run()) {
        compare(name, golden.get(name), (TFloat32) result.get(0), tolerance);
      }
    }

    void checkTrainStep(TrainingStep step, GoldenFile golden, String name) {
      try (Result result =
          session
              .runner()
              .feed(step.x(), x)
              .feed(step.epsilon(), epsilon)
              .addTarget(step.update())
              .fetch(step.loss())
              .run()) {
        compare(name, golden.get(name), (TFloat32) result.get(0), FORWARD);
      }
    }

    private Session.Runner feed() {
      return session
          .runner()
          .feed(vae.x(), x)
          .feed(vae.epsilon(), epsilon)
          .feed(vae.generator().noiseInput(), noise);
    }

    private static void compare(
        String name, GoldenFile.Entry expected, TFloat32 found, float tolerance) {
      float[] all = FloatTensors.values(found);
      assertThat(found.shape().asArray())
          .as("shape of %s", name)
          .isEqualTo(IntStream.of(expected.shape()).asLongStream().toArray());
      float bound = tolerance * Math.max(expected.largest(), 1e-3f);
      for (int i = 0; i < expected.values().length; i++) {
        assertThat(all[i * expected.stride()])
            .as("%s, entry %d", name, i * expected.stride())
            .isCloseTo(expected.values()[i], within(bound));
      }
    }

    @Override
    public void close() {
      x.close();
      epsilon.close();
      noise.close();
      session.close();
      graph.close();
    }
  }
}

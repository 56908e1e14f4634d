package vae.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;
import vae.config.Device;
import vae.config.LossFormula;
import vae.config.NetworkShape;
import vae.config.RmsPropSettings;
import vae.config.Seed;
import vae.config.TrainingPlan;
import vae.tf1.Tf1Names;

/** What the graph promises beyond the golden values. */
class VaeGraphTest {
  private static final NetworkShape SHAPE = new NetworkShape(4, 3, 2);

  @Test
  void theGeneratorReachesNeitherTheImagesNorTheEncoder() {
    try (Graph graph = new Graph()) {
      VaeGraph vae = VaeGraph.build(graph, plan(LossFormula.TUTORIAL));
      Set<String> names =
          graph.subgraphTo(Set.of(vae.generator().image())).stream()
              .map(GraphOperation::name)
              .collect(Collectors.toSet());
      assertThat(names)
          .contains(Tf1Names.NOISE_INPUT, Tf1Names.DECODER_H1, Tf1Names.DECODER_OUT)
          .doesNotContain(Tf1Names.X, Tf1Names.EPSILON, Tf1Names.ENCODER_H1, Tf1Names.Z_MEAN);
    }
  }

  @Test
  void initialValuesHaveTheSpreadOfGlorotInit() {
    var plan =
        new TrainingPlan(
            NetworkShape.TUTORIAL,
            LossFormula.TUTORIAL,
            RmsPropSettings.TUTORIAL,
            1,
            1,
            1,
            new Seed(5));
    try (Graph graph = new Graph()) {
      VaeGraph vae = VaeGraph.build(graph, plan);
      try (Session session = new Session(graph, Sessions.config(Device.CPU));
          Result result = session.runner().fetch(vae.trainable().get(0)).run()) {
        TFloat32 values = (TFloat32) result.get(0);
        double[] sums = new double[2];
        values
            .scalars()
            .forEach(
                value -> {
                  sums[0] += value.getFloat();
                  sums[1] += (double) value.getFloat() * value.getFloat();
                });
        double expected = 1 / Math.sqrt(784 / 2.0);
        double spread = Math.sqrt(sums[1] / values.size());
        // 401,408 draws: the spread's own standard error is 0.11 %, the mean's 0.16 % of it.
        assertThat(spread / expected).isBetween(0.995, 1.005);
        assertThat(Math.abs(sums[0] / values.size())).isLessThan(0.01 * expected);
      }
    }
  }

  @Test
  void aSaturatedWhitePixelIsNotANumberInTheTutorialsFormulaAndFiniteFromTheLogits() {
    assertThat(lossOfSaturatedWhitePixels(LossFormula.TUTORIAL)).isNaN();
    assertThat(lossOfSaturatedWhitePixels(LossFormula.LOGITS)).isFinite();
  }

  private static float lossOfSaturatedWhitePixels(LossFormula formula) {
    try (Graph graph = new Graph()) {
      VaeGraph vae = VaeGraph.build(graph, plan(formula));
      try (Session session = new Session(graph, Sessions.config(Device.CPU));
          TFloat32 white =
              TFloat32.tensorOf(Shape.of(1, 4), t -> t.scalars().forEach(s -> s.setFloat(1)));
          TFloat32 bias =
              TFloat32.tensorOf(Shape.of(4), t -> t.scalars().forEach(s -> s.setFloat(40)));
          Result result =
              session
                  .runner()
                  .feed(vae.x(), white)
                  .feed(Tf1Names.DECODER_OUT_BIASES, bias)
                  .fetch(vae.loss())
                  .run()) {
        return ((TFloat32) result.get(0)).getFloat();
      }
    }
  }

  private static TrainingPlan plan(LossFormula formula) {
    return new TrainingPlan(SHAPE, formula, RmsPropSettings.TUTORIAL, 1, 1, 1, new Seed(5));
  }
}

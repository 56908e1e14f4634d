package vae.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
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
import vae.runtime.Sessions;
import vae.tf1.Tf1Names;

/** What the graph promises beyond the golden values. */
class VaeGraphTest {
  private static final NetworkShape SHAPE = new NetworkShape(4, 3, 2);

  @Test
  void theGeneratorReachesNeitherTheImagesNorTheEncoder() {
    try (Graph graph = new Graph()) {
      VaeGraph vae = build(graph, SHAPE, LossFormula.TUTORIAL);
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
  void initialValuesHaveTheSpreadOfGlorotInitBiasesToo() {
    try (Graph graph = new Graph()) {
      VaeGraph vae = build(graph, NetworkShape.TUTORIAL, LossFormula.TUTORIAL);
      Set<Float> first = new HashSet<>();
      try (Session session = new Session(graph, Sessions.config(Device.CPU))) {
        session.initialize();
        for (Variable<TFloat32> variable : vae.trainable()) {
          double[] sums = new double[2];
          try (Result result = session.runner().fetch(variable).run()) {
            TFloat32 values = (TFloat32) result.get(0);
            first.add(values.scalars().iterator().next().getFloat());
            values
                .scalars()
                .forEach(
                    value -> {
                      sums[0] += value.getFloat();
                      sums[1] += (double) value.getFloat() * value.getFloat();
                    });
          }
          double count = variable.shape().size();
          double expected = 1 / Math.sqrt(variable.shape().get(0) / 2.0);
          // Five standard errors, of the mean and of the mean square; two values say little.
          double meanError = Math.abs(sums[0] / count) / expected;
          double squareError = Math.abs(sums[1] / count / (expected * expected) - 1);
          assertThat(meanError).as(variable.op().name()).isLessThan(5 / Math.sqrt(count));
          assertThat(squareError).as(variable.op().name()).isLessThan(5 * Math.sqrt(2.0 / count));
          assertThat(sums[1]).as(variable.op().name()).isPositive();
        }
      }
      assertThat(first).as("each variable has values of its own").hasSize(10);
    }
  }

  @Test
  void noVariableChangesBeforeAllGradientsAreKnown() {
    try (Graph graph = new Graph()) {
      build(graph, SHAPE, LossFormula.TUTORIAL);
      List<GraphOperation> updates = new ArrayList<>();
      graph
          .operations()
          .forEachRemaining(
              op -> {
                if (op.type().equals("ApplyRMSProp")) {
                  updates.add(op);
                }
              });
      assertThat(updates).hasSize(10);
      // The last input of ApplyRMSProp is the gradient.
      Set<String> gradients =
          updates.stream()
              .map(op -> op.input(op.numInputs() - 1).op().name())
              .collect(Collectors.toSet());
      assertThat(gradients).hasSize(10);
      for (GraphOperation update : updates) {
        assertThat(update.controlInputs().stream().map(GraphOperation::name))
            .containsAll(gradients);
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
      VaeGraph vae = build(graph, SHAPE, formula);
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

  private static VaeGraph build(Graph graph, NetworkShape shape, LossFormula formula) {
    return VaeGraph.build(
        graph, new TrainingPlan(shape, formula, RmsPropSettings.TUTORIAL, 1, 1, 1, new Seed(5)));
  }
}

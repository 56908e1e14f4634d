package vae.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.ndarray.StdArrays;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.types.TFloat32;
import vae.config.Device;
import vae.files.ModelException;
import vae.functions.Posterior;
import vae.tensor.Values;
import vae.testing.SmallModel;
import vae.testing.Variables;
import vae.tf1.GraphCollections;
import vae.tf1.ListedVariable;
import vae.tf1.Tf1Names;

/** What is saved and loaded again, by our loader and by TensorFlow-Java's own. */
class LoadedModelTest {
  private static final float[][] NOISE = {{3, 3}, {0, 0}, {0, 5}, {-1.5f, 0.25f}};

  @TempDir private Path base;
  private Path published;
  private Map<String, float[]> saved;

  @BeforeEach
  void publish() throws IOException {
    try (SmallModel model = new SmallModel(11)) {
      published = model.publish(base);
      saved = model.values();
    }
  }

  @Test
  void generatesWhatTheTutorialsDecoderComputesFromTheFetchedVariables() throws IOException {
    try (LoadedModel model = LoadedModel.open(published, Device.CPU);
        SavedModelBundle bundle = SavedModelBundle.load(published.toString())) {
      float[][] images = model.vae().generate(Values.of(NOISE)).matrix();
      for (int row = 0; row < NOISE.length; row++) {
        double[] h = affine(bundle, toDouble(NOISE[row]), "Variable_3", "Variable_8");
        for (int i = 0; i < h.length; i++) {
          h[i] = Math.tanh(h[i]);
        }
        double[] logits = affine(bundle, h, "Variable_4", "Variable_9");
        for (int i = 0; i < logits.length; i++) {
          assertThat((double) images[row][i])
              .isCloseTo(1 / (1 + Math.exp(-logits[i])), within(1e-6));
        }
      }
    }
  }

  @Test
  void reconstructsWithTheNoiseGiven() throws IOException {
    float[][] images = pixels(3);
    float[][] epsilon = {{0.5f, -1}, {0, 0}, {2, 1}};
    try (LoadedModel model = LoadedModel.open(published, Device.CPU)) {
      Posterior posterior = model.vae().encode(Values.of(images));
      float[][] z = new float[3][2];
      for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 2; j++) {
          double sigma = Math.exp(posterior.zStd()[i][j] / 2);
          z[i][j] = (float) (posterior.zMean()[i][j] + sigma * epsilon[i][j]);
        }
      }
      float[][] decoded = model.vae().generate(Values.of(z)).matrix();
      float[][] recon = model.vae().reconstruct(Values.of(images), Values.of(epsilon)).matrix();
      for (int i = 0; i < 3; i++) {
        assertThat(recon[i]).containsExactly(decoded[i], within(1e-6f));
      }
    }
  }

  @Test
  void aBatchCutIntoPiecesIsDecodedRowByRow() throws IOException {
    float[][] noise = new float[777][2];
    for (int i = 0; i < noise.length; i++) {
      noise[i] = new float[] {i / 100f - 4, 1 - i / 300f};
    }
    try (LoadedModel model = LoadedModel.open(published, Device.CPU)) {
      float[][] images = pixels(777);
      float[][] generated = model.vae().generate(Values.of(noise)).matrix();
      float[][] recon = model.vae().reconstruct(Values.of(images), Values.of(noise)).matrix();
      Posterior posterior = model.vae().encode(Values.of(images));
      assertThat(generated).hasDimensions(777, SmallModel.SHAPE.input());
      for (int i = 0; i < 777; i++) {
        float[][] z = {noise[i]};
        float[][] x = {images[i]};
        Posterior alone = model.vae().encode(Values.of(x));
        assertThat(generated[i])
            .containsExactly(model.vae().generate(Values.of(z)).row(0), within(1e-6f));
        assertThat(recon[i])
            .containsExactly(
                model.vae().reconstruct(Values.of(x), Values.of(z)).row(0), within(1e-6f));
        assertThat(posterior.zMean()[i]).containsExactly(alone.zMean()[0], within(1e-6f));
        assertThat(posterior.zStd()[i]).containsExactly(alone.zStd()[0], within(1e-6f));
      }
      assertThat(model.vae().generate(Values.of(new float[0][2])).rows()).isZero();
    }
  }

  @Test
  void wantsAsMuchNoiseAsImages() throws IOException {
    try (LoadedModel model = LoadedModel.open(published, Device.CPU)) {
      assertThatThrownBy(
              () -> model.vae().reconstruct(Values.of(pixels(3)), Values.of(new float[2][2])))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("expected 3 rows, as of the first argument, found 2");
    }
  }

  @Test
  void manyThreadsMayAskAtOnce() throws IOException {
    float[][] noise = {{1, -1}, {0.5f, 2}};
    try (LoadedModel model = LoadedModel.open(published, Device.CPU)) {
      float[][] expected = model.vae().generate(Values.of(noise)).matrix();
      List<float[][]> found =
          IntStream.range(0, 2_000)
              .parallel()
              .mapToObj(
                  i -> {
                    try {
                      return model.vae().generate(Values.of(noise)).matrix();
                    } catch (ModelException e) {
                      throw new AssertionError(e);
                    }
                  })
              .toList();
      assertThat(found).allMatch(images -> Arrays.deepEquals(images, expected));
    }
  }

  @Test
  void refusesRowsOfDifferentLength() throws IOException {
    try (LoadedModel model = LoadedModel.open(published, Device.CPU)) {
      assertThatThrownBy(() -> model.vae().generate(Values.of(new float[][] {{1, 2}, {1}})))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("expected rows of 2 values, found 1 in row 1");
    }
  }

  @Test
  void keepsTf1sCollectionsInTf1sOrder() throws IOException {
    try (LoadedModel model = LoadedModel.open(published, Device.CPU)) {
      MetaGraphDef metaGraph = model.metaGraph();
      assertThat(GraphCollections.keys(metaGraph))
          .containsExactly("recon", "train_op", "trainable_variables", "variables");
      assertThat(ListedVariable.of(metaGraph, Tf1Names.TRAINABLE_VARIABLES))
          .hasSize(10)
          .extracting(ListedVariable::toString)
          .startsWith("<tf.Variable 'Variable:0' shape=(16, 8) dtype=float32_ref>")
          .endsWith("<tf.Variable 'Variable_9:0' shape=(16,) dtype=float32_ref>");
      assertThat(ListedVariable.of(metaGraph, Tf1Names.GLOBAL_VARIABLES))
          .hasSize(30)
          .extracting(ListedVariable::op)
          .startsWith("Variable")
          .endsWith("Variable_9/RMSProp", "Variable_9/RMSProp_1");
      assertThat(model.fetchShapes(Tf1Names.TRAINABLE_VARIABLES))
          .hasSize(10)
          .allSatisfy((op, shape) -> assertThat(shape.size()).isIn(16L * 8, 8L * 2, 8L, 2L, 16L));
      assertThat(metaGraph.getSaverDef().getSaveTensorName())
          .isEqualTo("save/control_dependency:0");
      assertThat(metaGraph.getSaverDef().getRestoreOpName()).isEqualTo("save/restore_all");
      assertThat(metaGraph.getSaverDef().getVersionValue()).isEqualTo(2);
    }
  }

  @Test
  void everyVariableComesBackAndNoInitialiserWipesIt() {
    try (SavedModelBundle bundle = SavedModelBundle.load(published.toString())) {
      assertThat(saved).hasSize(30);
      assertHolds(bundle.session());
      bundle.session().initialize();
      assertHolds(bundle.session());
    }
  }

  @Test
  void ourLoaderWipesNothingEither() throws IOException {
    // All that it shows of the weights is what they compute.
    float[][] expected;
    try (SavedModelBundle bundle = SavedModelBundle.load(published.toString());
        TFloat32 z = TFloat32.tensorOf(StdArrays.ndCopyOf(NOISE));
        Result result = bundle.session().runner().feed("noise_input", z).fetch("generate").run()) {
      expected = StdArrays.array2dCopyOf((TFloat32) result.get(0));
    }
    try (LoadedModel model = LoadedModel.open(published, Device.CPU)) {
      assertThat(model.vae().generate(Values.of(NOISE)).matrix()).isDeepEqualTo(expected);
    }
  }

  @Test
  void savesAndRestoresAgainThroughTheSaverInTheGraph() {
    Path prefix = base.resolve("again/model.ckpt");
    try (SavedModelBundle bundle = SavedModelBundle.load(published.toString())) {
      int ops = count(bundle.graph());
      bundle.session().save(prefix.toString());
      assertThat(count(bundle.graph())).isEqualTo(ops);
      var tf = Ops.create(bundle.graph());
      for (String op : saved.keySet()) {
        var variable = bundle.graph().outputOrThrow(op).expect(TFloat32.class);
        bundle.session().run(tf.assign(variable, tf.zerosLike(variable)));
      }
      assertThat(Variables.values(bundle.session(), saved.keySet()).get("Variable_4"))
          .containsOnly(0f);
      bundle.session().restore(prefix.toString());
      assertHolds(bundle.session());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"saved_model.pb", "variables/variables.index"})
  void namesAMissingFile(String name) throws IOException {
    Files.delete(published.resolve(Manifest.FILE)); // As another program's model.
    Files.delete(published.resolve(name));
    assertThatThrownBy(() -> LoadedModel.open(published, Device.CPU))
        .isInstanceOf(ModelException.class)
        .hasMessage(published + ": expected a SavedModel, found no " + name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "saved_model.pb",
        "variables/variables.index",
        "variables/variables.data-00000-of-00001"
      })
  void refusesATruncatedFile(String name) throws IOException {
    byte[] whole = Files.readAllBytes(published.resolve(name));
    Files.write(published.resolve(name), java.util.Arrays.copyOf(whole, whole.length / 2));
    assertThatThrownBy(
            () -> {
              try (LoadedModel model = LoadedModel.open(published, Device.CPU)) {
                model.vae().generate(Values.of(NOISE));
              }
            })
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith(published.toString());
  }

  @Test
  void saysWhichSignatureIsMissing() throws IOException {
    Path other = base.resolve("other");
    try (var graph = new Graph();
        var session = new Session(graph)) {
      var tf = Ops.create(graph);
      var in =
          tf.placeholder(TFloat32.class, Placeholder.shape(org.tensorflow.ndarray.Shape.of(-1, 2)));
      var variable = tf.withName("v").variable(tf.constant(1f));
      var out = tf.math.mul(in, variable);
      SavedModelBundle.exporter(other.toString())
          .withSession(session)
          .withSignature(
              org.tensorflow.Signature.builder("double").input("a", in).output("b", out).build())
          .export();
    }
    try (LoadedModel model = LoadedModel.open(other, Device.CPU)) {
      assertThatThrownBy(() -> model.vae().generate(Values.of(NOISE)))
          .isInstanceOf(ModelException.class)
          .hasMessage(
              other
                  + ": expected a signature generate that makes images of a code [batch, latent], found [double (a -> b)]; serve answers calls of those");
      assertThat(model.fetchShapes(Tf1Names.TRAINABLE_VARIABLES)).isEmpty();
    }
  }

  private static float[][] pixels(int rows) {
    Random random = new Random(2);
    float[][] pixels = new float[rows][SmallModel.SHAPE.input()];
    for (float[] row : pixels) {
      for (int i = 0; i < row.length; i++) {
        row[i] = random.nextFloat();
      }
    }
    return pixels;
  }

  private void assertHolds(Session session) {
    Map<String, float[]> found = Variables.values(session, saved.keySet());
    saved.forEach((op, value) -> assertThat(found.get(op)).as(op).containsExactly(value));
  }

  private static int count(Graph graph) {
    int count = 0;
    for (var ops = graph.operations(); ops.hasNext(); ops.next()) {
      count++;
    }
    return count;
  }

  private static double[] affine(
      SavedModelBundle bundle, double[] x, String weights, String biases) {
    try (Result result = bundle.session().runner().fetch(weights).fetch(biases).run()) {
      float[][] w = StdArrays.array2dCopyOf((TFloat32) result.get(0));
      float[] b = StdArrays.array1dCopyOf((TFloat32) result.get(1));
      double[] y = toDouble(b);
      for (int i = 0; i < x.length; i++) {
        for (int j = 0; j < y.length; j++) {
          y[j] += x[i] * w[i][j];
        }
      }
      return y;
    }
  }

  private static double[] toDouble(float[] values) {
    double[] wide = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      wide[i] = values[i];
    }
    return wide;
  }
}

package vae.metagraph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import vae.tf1.TensorName;

/** Which functions compute each row by itself: batches of others may not be cut or joined. */
class RowWiseTest {
  private static final TensorName X = new TensorName("x", 0);

  /** y of x. */
  private interface Function extends BiFunction<Ops, Operand<TFloat32>, Operand<?>> {}

  private static boolean goes(Shape shape, long batch, Function function) {
    try (Graph graph = new Graph()) {
      TensorName y = built(graph, shape, function);
      return RowWise.of(
          graph.toGraphDef(),
          name -> graph.operationOrThrow(name.op()).output(name.output()).shape(),
          List.of(X),
          List.of(y),
          batch);
    }
  }

  private static TensorName built(Graph graph, Shape shape, Function function) {
    Ops tf = Ops.create(graph);
    Operand<TFloat32> x = tf.withName("x").placeholder(TFloat32.class, Placeholder.shape(shape));
    Operand<?> y = function.apply(tf, x);
    return new TensorName(y.op().name(), y.asOutput().index());
  }

  /** Of x [?, 4]. */
  private static boolean goes(Function function) {
    return goes(Shape.of(-1, 4), RowWise.ANY, function);
  }

  private static Operand<TFloat32> matrix(Ops tf, int rows, int columns) {
    return tf.constant(new float[rows][columns]);
  }

  private static Operand<TInt32> ints(Ops tf, int... values) {
    return tf.constant(values);
  }

  @Test
  void layersGoByRows() {
    assertThat(goes((tf, x) -> tf.math.tanh(tf.linalg.matMul(x, matrix(tf, 4, 3))))).isTrue();
    assertThat(goes((tf, x) -> tf.nn.softmax(x))).isTrue();
    assertThat(goes((tf, x) -> tf.math.add(x, tf.constant(new float[4])))).isTrue();
    assertThat(goes((tf, x) -> tf.reshape(x, ints(tf, -1, 2, 2)))).isTrue();
  }

  @Test
  void whatGoesOverTheBatchDoesNot() {
    assertThat(goes((tf, x) -> tf.math.sub(x, tf.math.mean(x, tf.constant(0))))).isFalse();
    assertThat(goes((tf, x) -> tf.linalg.matMul(matrix(tf, 4, 4), x))).isFalse();
    assertThat(goes((tf, x) -> tf.linalg.transpose(x, ints(tf, 1, 0)))).isFalse();
    assertThat(goes((tf, x) -> tf.reverse(x, ints(tf, 0)))).isFalse();
    assertThat(goes((tf, x) -> tf.reshape(x, ints(tf, -1, 2)))).isFalse();
  }

  @Test
  void reductionsBehindTheRowsDo() {
    assertThat(goes((tf, x) -> tf.math.mean(x, tf.constant(1)))).isTrue();
    assertThat(goes((tf, x) -> tf.math.mean(x, tf.constant(-1)))).isTrue();
    assertThat(goes((tf, x) -> tf.math.mean(x, tf.constant(-2)))).isFalse();
  }

  @Test
  void anAxisThatIsComputedIsTakenForAny() {
    assertThat(goes((tf, x) -> tf.math.mean(x, tf.math.sub(tf.constant(2), tf.constant(1)))))
        .isFalse();
  }

  @Test
  void rowsLookedUpDoAndRowsChosenDoNot() {
    assertThat(
            goes(
                (tf, x) ->
                    tf.gather(matrix(tf, 9, 2), tf.dtypes.cast(x, TInt32.class), tf.constant(0))))
        .isTrue();
    assertThat(goes((tf, x) -> tf.gather(x, ints(tf, 0, 0), tf.constant(0)))).isFalse();
    assertThat(goes((tf, x) -> tf.gather(x, ints(tf, 0, 0), tf.constant(1)))).isTrue();
  }

  @Test
  void aFixedBatchMayBeReshapedToItself() {
    Function reshaped = (tf, x) -> tf.reshape(x, ints(tf, 3, 2, 2));
    assertThat(goes(Shape.of(3, 4), 3, reshaped)).isTrue();
    assertThat(goes((tf, x) -> tf.math.add(x, matrix(tf, 3, 4)))).isFalse();
  }

  @Test
  void aBatchWrittenIntoATransposedConvolutionIsFound() {
    Function transposed =
        (tf, x) ->
            tf.nn.conv2dBackpropInput(
                ints(tf, 64, 14, 14, 1),
                tf.constant(new float[3][3][1][2]),
                x,
                List.of(1L, 2L, 2L, 1L),
                "SAME");
    try (Graph graph = new Graph()) {
      TensorName y = built(graph, Shape.of(-1, 7, 7, 2), transposed);
      assertThat(FixedRows.of(graph.toGraphDef(), List.of(X), List.of(y))).containsExactly(64L);
    }
  }
}

package vae.storage;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;
import vae.runtime.FloatTensors;

/**
 * A function of matrices that a session computes, row by row of its inputs. A large batch is cut,
 * where it may be, and its pieces are shared among the cores.
 *
 * @param source where the model was loaded from
 * @param session of {@link vae.runtime.Sessions#onCallersThread}
 * @param problem what failed, if it does
 * @param inputs the tensors that are fed
 * @param outputs the tensors that are fetched
 * @param divisible whether a batch may be cut: not on a GPU, and not where the model takes batches
 *     of one size
 */
record BatchFunction(
    Path source,
    Session session,
    String problem,
    List<String> inputs,
    List<String> outputs,
    boolean divisible) {
  /** The most rows of a piece: its images, 784 values each, stay in a core's cache. */
  private static final int MOST_ROWS = 250;

  /**
   * A function of a model.
   *
   * @param source names the model in what is thrown
   * @param signature the function's
   * @param divisible whether a batch may be computed in pieces
   */
  static BatchFunction of(
      Path source, Session session, VaeFunction function, Signature signature, boolean divisible) {
    return of(
        source,
        session,
        function.key(),
        List.of(function.inputOf(signature).name),
        function.outputsOf(signature),
        divisible);
  }

  /** A function of any tensors of a model's. */
  static BatchFunction of(
      Path source,
      Session session,
      String key,
      List<String> inputs,
      List<String> outputs,
      boolean divisible) {
    return new BatchFunction(source, session, key + " failed", inputs, outputs, divisible);
  }

  /** The same with one input more. */
  BatchFunction with(String input) {
    List<String> more = new ArrayList<>(inputs);
    more.add(input);
    return new BatchFunction(source, session, problem, List.copyOf(more), outputs, divisible);
  }

  /** The same with another output. */
  BatchFunction fetching(String output) {
    return new BatchFunction(source, session, problem, inputs, List.of(output), divisible);
  }

  /**
   * Computes the outputs, [output][batch][].
   *
   * @param arguments as many as there are inputs, each [batch][]
   * @throws ModelException if TensorFlow can't
   * @throws IllegalArgumentException if the arguments' rows differ in number, or in length
   */
  float[][][] call(float[][]... arguments) throws ModelException {
    int batch = arguments[0].length;
    for (float[][] argument : arguments) {
      if (argument.length != batch) {
        throw new IllegalArgumentException(
            "expected %,d rows, as of the first argument, found %,d"
                .formatted(batch, argument.length));
      }
    }
    float[][][] results = new float[outputs.size()][batch][];
    if (batch == 0) {
      return results;
    }
    int pieces = divisible ? (batch - 1) / MOST_ROWS + 1 : 1;
    if (pieces == 1) {
      run(arguments, results, 0, batch);
      return results;
    }
    // A failure is a value here: a parallel stream would throw a copy of it, made elsewhere.
    Optional<ModelException> failure =
        IntStream.range(0, pieces)
            .parallel()
            .mapToObj(
                i -> tried(arguments, results, cut(batch, i, pieces), cut(batch, i + 1, pieces)))
            .flatMap(Optional::stream)
            .findFirst();
    if (failure.isPresent()) {
      throw failure.get();
    }
    return results;
  }

  /** Where a piece begins: none is much larger than the others, so that no core waits long. */
  private static int cut(int batch, int piece, int pieces) {
    return Math.toIntExact((long) batch * piece / pieces);
  }

  private Optional<ModelException> tried(
      float[][][] arguments, float[][][] results, int from, int to) {
    try {
      run(arguments, results, from, to);
      return Optional.empty();
    } catch (ModelException e) {
      return Optional.of(e);
    }
  }

  private void run(float[][][] arguments, float[][][] results, int from, int to)
      throws ModelException {
    List<TFloat32> fed = new ArrayList<>(inputs.size());
    try {
      for (float[][] argument : arguments) {
        fed.add(FloatTensors.ofRows(argument, from, to));
      }
      try (Result fetched = LoadedModel.attempt(source, problem, () -> fetch(fed))) {
        for (int i = 0; i < results.length; i++) {
          var output = (TFloat32) fetched.get(i);
          requireRows(output.shape(), to - from);
          FloatTensors.readRows(output, results[i], from);
        }
      }
    } finally {
      fed.forEach(TFloat32::close);
    }
  }

  private Result fetch(List<TFloat32> fed) {
    Session.Runner runner = session.runner();
    for (int i = 0; i < fed.size(); i++) {
      runner.feed(inputs.get(i), fed.get(i));
    }
    outputs.forEach(runner::fetch);
    return runner.run();
  }

  /** A model of one batch size gives as many rows as that, whatever it is fed. */
  private void requireRows(Shape found, int rows) throws ModelException {
    if (found.numDimensions() != 2 || found.get(0) != rows) {
      throw new ModelException(
          source,
          "%s: expected as many rows as fed, %,d, found %s".formatted(problem, rows, found));
    }
  }
}

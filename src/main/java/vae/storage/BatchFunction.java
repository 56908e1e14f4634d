package vae.storage;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.types.TFloat32;
import vae.runtime.FloatTensors;

/**
 * A function of matrices that a session computes, row by row of its inputs. A small batch is
 * computed on the caller's thread; a large one is cut, and its pieces are shared among the cores.
 *
 * @param source where the model was loaded from
 * @param session in which an op runs on its caller's thread
 * @param problem what failed, if it does
 * @param inputs the tensors that are fed
 * @param outputs the tensors that are fetched
 */
record BatchFunction(
    Path source, Session session, String problem, List<String> inputs, List<String> outputs) {
  /** Rows of a piece: its images, 784 values each, stay in a core's cache. */
  private static final int PIECE = 250;

  /** The same with one input more. */
  BatchFunction with(String input) {
    List<String> more = new ArrayList<>(inputs);
    more.add(input);
    return new BatchFunction(source, session, problem, List.copyOf(more), outputs);
  }

  /**
   * Computes the outputs, [output][batch][].
   *
   * @param arguments as many as there are inputs, each [batch][]
   * @throws ModelException if TensorFlow can't
   */
  float[][][] call(float[][]... arguments) throws ModelException {
    int batch = arguments[0].length;
    float[][][] results = new float[outputs.size()][batch][];
    int pieces = (batch + PIECE - 1) / PIECE;
    return LoadedModel.attempt(
        source,
        problem,
        () -> {
          if (pieces == 1) {
            run(arguments, results, 0, batch);
          } else {
            IntStream.range(0, pieces)
                .parallel()
                .forEach(i -> run(arguments, results, i * PIECE, Math.min((i + 1) * PIECE, batch)));
          }
          return results;
        });
  }

  private void run(float[][][] arguments, float[][][] results, int from, int to) {
    Session.Runner runner = session.runner();
    List<TFloat32> fed = new ArrayList<>(inputs.size());
    try {
      for (int i = 0; i < inputs.size(); i++) {
        fed.add(FloatTensors.ofRows(arguments[i], from, to));
        runner.feed(inputs.get(i), fed.get(i));
      }
      outputs.forEach(runner::fetch);
      try (Result fetched = runner.run()) {
        for (int i = 0; i < results.length; i++) {
          FloatTensors.readRows((TFloat32) fetched.get(i), results[i], from);
        }
      }
    } finally {
      fed.forEach(TFloat32::close);
    }
  }
}

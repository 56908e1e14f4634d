package vae.storage;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.family.TType;
import vae.runtime.Tensors;
import vae.storage.ModelSignature.NamedTensor;
import vae.tensor.Values;

/**
 * A function that a session computes. A large batch is cut, where it may be, and its pieces are
 * shared among the cores; one for a graph of one batch size is cut and filled up to that.
 *
 * @param source where the model was loaded from
 * @param session of {@link vae.runtime.Sessions#onCallersThread}
 * @param problem what failed, if it does
 * @param inputs the tensors that are fed
 * @param outputs the tensors that are fetched
 * @param batching how it takes rows
 * @param parallel whether pieces are computed at once; a GPU takes one batch whole
 */
record ModelFunction(
    Path source,
    Session session,
    String problem,
    List<NamedTensor> inputs,
    List<NamedTensor> outputs,
    Batching batching,
    boolean parallel) {
  /** The most rows of a piece: its images, 784 values each, stay in a core's cache. */
  private static final int MOST_ROWS = 250;

  /** The same with one input more, a tensor of the graph. */
  ModelFunction with(String input) {
    List<NamedTensor> more = new ArrayList<>(inputs);
    more.add(new NamedTensor(input, inputs.get(0).dataType(), Optional.empty()));
    return new ModelFunction(source, session, problem, more, outputs, batching, parallel);
  }

  /** The same with another output. */
  ModelFunction fetching(NamedTensor output) {
    return new ModelFunction(source, session, problem, inputs, List.of(output), batching, parallel);
  }

  /**
   * Computes the outputs.
   *
   * @param arguments as many as there are inputs
   * @throws ModelException if TensorFlow can't
   * @throws IllegalArgumentException if the arguments' rows differ in number
   */
  List<Values> call(List<Values> arguments) throws ModelException {
    if (batching.kind() == Batching.Kind.WHOLE) {
      return whole(arguments);
    }
    int rows = arguments.get(0).rows();
    for (Values argument : arguments) {
      if (argument.rows() != rows) {
        throw new IllegalArgumentException(
            "expected %,d rows, as of the first argument, found %,d"
                .formatted(rows, argument.rows()));
      }
    }
    int pieces = pieces(rows);
    if (pieces == 1 && batching.kind() == Batching.Kind.ANY) {
      return whole(arguments);
    }
    List<Values> results = outputs.stream().map(output -> output.empty(rows)).toList();
    // A failure is a value here: a parallel stream would throw a copy of it, made elsewhere.
    IntStream all = IntStream.range(0, pieces);
    Optional<ModelException> failure =
        (parallel ? all.parallel() : all)
            .mapToObj(
                i -> tried(arguments, results, cut(rows, i, pieces), cut(rows, i + 1, pieces)))
            .flatMap(Optional::stream)
            .findFirst();
    if (failure.isPresent()) {
      throw failure.get();
    }
    return results;
  }

  private int pieces(int rows) {
    return switch (batching.kind()) {
      case FIXED -> (rows + batching.rows() - 1) / batching.rows();
      case ANY -> parallel ? Math.max(1, (rows - 1) / MOST_ROWS + 1) : 1;
      case WHOLE -> 1;
    };
  }

  /** Where a piece begins: none is much larger than the others, so that no core waits long. */
  private int cut(int rows, int piece, int pieces) {
    return batching.kind() == Batching.Kind.FIXED
        ? Math.min(rows, piece * batching.rows())
        : Math.toIntExact((long) rows * piece / pieces);
  }

  private Optional<ModelException> tried(
      List<Values> arguments, List<Values> results, int from, int to) {
    try {
      run(arguments, results, from, to);
      return Optional.empty();
    } catch (ModelException e) {
      return Optional.of(e);
    }
  }

  private List<Values> whole(List<Values> arguments) throws ModelException {
    return fetched(
        arguments.stream().map(Tensors::of).toList(),
        fetched -> {
          List<Values> results = new ArrayList<>(outputs.size());
          for (int i = 0; i < outputs.size(); i++) {
            results.add(Tensors.values(fetched.get(i)));
          }
          return results;
        });
  }

  private void run(List<Values> arguments, List<Values> results, int from, int to)
      throws ModelException {
    int rows = batching.kind() == Batching.Kind.FIXED ? batching.rows() : to - from;
    List<TType> fed =
        arguments.stream()
            .map(
                argument ->
                    rows == to - from
                        ? Tensors.of(argument, from, to)
                        : Tensors.of(argument.part(from, to).filledUp(rows)))
            .toList();
    fetched(
        fed,
        fetched -> {
          for (int i = 0; i < results.size(); i++) {
            requireRows(fetched.get(i).shape(), rows);
            if (rows == to - from) {
              Tensors.read(fetched.get(i), results.get(i), from);
            } else {
              results.get(i).put(from, Tensors.values(fetched.get(i)).part(0, to - from));
            }
          }
          return results;
        });
  }

  /** Takes what was fetched, whose owner is another. */
  @FunctionalInterface
  private interface Reader {
    List<Values> read(Result fetched) throws ModelException;
  }

  /** Feeds tensors, which it closes, and has the outputs read. */
  private List<Values> fetched(List<TType> fed, Reader reader) throws ModelException {
    try (Result fetched = LoadedModel.attempt(source, problem, () -> fetch(fed))) {
      return reader.read(fetched);
    } catch (IllegalArgumentException e) {
      throw new ModelException(source, problem + ": " + e.getMessage(), e);
    } finally {
      fed.forEach(TType::close);
    }
  }

  private Result fetch(List<TType> fed) {
    Session.Runner runner = session.runner();
    for (int i = 0; i < fed.size(); i++) {
      runner.feed(inputs.get(i).name(), fed.get(i));
    }
    outputs.forEach(output -> runner.fetch(output.name()));
    return runner.run();
  }

  /** Whatever a signature says of a graph, the graph may do otherwise. */
  private void requireRows(Shape found, int rows) throws ModelException {
    if (found.numDimensions() < 1 || found.get(0) != rows) {
      throw ofOtherRows(rows, found.toString());
    }
  }

  /** What is thrown where it gives more rows than were fed, or fewer. */
  ModelException ofOtherRows(int rows, String found) {
    return new ModelException(
        source, "%s: expected as many rows as fed, %,d, found %s".formatted(problem, rows, found));
  }
}

package vae.functions;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.types.family.TType;
import vae.files.ModelException;
import vae.functions.ModelSignature.NamedTensor;
import vae.runtime.Tensors;
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
 * @param mostRows of a piece, where a batch may be cut; pieces are computed at once
 */
record ModelFunction(
    Path source,
    Session session,
    String problem,
    List<NamedTensor> inputs,
    List<NamedTensor> outputs,
    Batching batching,
    int mostRows) {
  /** The same with one input more, a tensor of the graph. */
  ModelFunction with(String input) {
    List<NamedTensor> more = new ArrayList<>(inputs);
    more.add(new NamedTensor(input, inputs.get(0).dataType(), Optional.empty()));
    return new ModelFunction(source, session, problem, more, outputs, batching, mostRows);
  }

  /** The same with another output. */
  ModelFunction fetching(NamedTensor output) {
    return new ModelFunction(source, session, problem, inputs, List.of(output), batching, mostRows);
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
      requireRows(arguments);
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
    if (rows == 0) {
      return outputs.stream()
          .map(
              output ->
                  Values.ofNoRows(output.type().orElseThrow(), output.rowShape().orElseThrow()))
          .toList();
    }
    IntStream all = IntStream.range(0, pieces);
    List<Piece> computed =
        all.parallel()
            .mapToObj(i -> piece(arguments, cut(rows, i, pieces), cut(rows, i + 1, pieces)))
            .toList();
    for (Piece piece : computed) {
      if (piece.failure.isPresent()) {
        throw piece.failure.get();
      }
    }
    List<Values> results = new ArrayList<>(outputs.size());
    for (int i = 0; i < outputs.size(); i++) {
      int output = i;
      results.add(
          Values.joined(computed.stream().map(piece -> piece.results.get(output)).toList()));
    }
    return results;
  }

  /** TensorFlow does not: see {@link vae.metagraph.FixedRows}. */
  private void requireRows(List<Values> arguments) throws ModelException {
    for (Values argument : arguments) {
      if (batching.rows() > 0 && argument.rank() > 1 && argument.rows() != batching.rows()) {
        throw new ModelException(
            source,
            "%s: expected the %,d rows that are written into the graph, which can't be told apart,"
                    .formatted(problem, batching.rows())
                + " found %s".formatted(argument));
      }
    }
  }

  /** A failure is a value here: a parallel stream would throw a copy of it, made elsewhere. */
  private record Piece(List<Values> results, Optional<ModelException> failure) {}

  private int pieces(int rows) {
    return switch (batching.kind()) {
      case FIXED -> (rows + batching.rows() - 1) / batching.rows();
      case ANY -> Math.max(1, (rows - 1) / mostRows + 1);
      case WHOLE -> 1;
    };
  }

  /** Where a piece begins: none is much larger than the others, so that no core waits long. */
  private int cut(int rows, int piece, int pieces) {
    return batching.kind() == Batching.Kind.FIXED
        ? Math.min(rows, piece * batching.rows())
        : Math.toIntExact((long) rows * piece / pieces);
  }

  private Piece piece(List<Values> arguments, int from, int to) {
    try {
      return new Piece(rows(arguments, from, to), Optional.empty());
    } catch (ModelException e) {
      return new Piece(List.of(), Optional.of(e));
    }
  }

  private List<Values> rows(List<Values> arguments, int from, int to) throws ModelException {
    int rows = batching.kind() == Batching.Kind.FIXED ? batching.rows() : to - from;
    List<TType> fed = new ArrayList<>(arguments.size());
    for (Values argument : arguments) {
      fed.add(
          rows == to - from
              ? Tensors.of(argument, from, to)
              : Tensors.of(argument.part(from, to).filledUp(rows)));
    }
    List<Values> results = run(fed);
    for (int i = 0; i < results.size(); i++) {
      Values result = results.get(i);
      if (result.rank() == 0 || result.rows() != rows) { // Whatever a signature says of a graph.
        throw ofOtherRows(rows, result.toString());
      }
      if (rows != to - from) {
        results.set(i, result.part(0, to - from));
      }
    }
    return results;
  }

  private List<Values> whole(List<Values> arguments) throws ModelException {
    List<TType> fed = new ArrayList<>(arguments.size());
    for (Values argument : arguments) {
      fed.add(Tensors.of(argument));
    }
    return run(fed);
  }

  /** Feeds tensors, which it closes, and reads the outputs. */
  private List<Values> run(List<TType> fed) throws ModelException {
    try (Result fetched = TensorFlowCall.attempt(source, problem, () -> fetch(fed))) {
      List<Values> results = new ArrayList<>(outputs.size());
      for (int i = 0; i < outputs.size(); i++) {
        results.add(Tensors.values(fetched.get(i)));
      }
      return results;
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

  /** What is thrown where it gives more rows than were fed, or fewer. */
  ModelException ofOtherRows(int rows, String found) {
    return new ModelException(
        source, "%s: expected as many rows as fed, %,d, found %s".formatted(problem, rows, found));
  }
}

package vae.functions;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.types.TFloat32;
import vae.files.ModelException;
import vae.runtime.FloatTensors;
import vae.tf1.ListedVariable;

/** The variables of a collection, and what they hold: {@code tf.get_collection}. */
public final class CollectionValues {
  private CollectionValues() {}

  /** Takes a variable's value, whose owner is another. */
  @FunctionalInterface
  private interface Visitor {
    void visit(ListedVariable variable, Tensor value) throws ModelException;
  }

  /**
   * The variables as a meta graph lists them, in its order; none if there is no such collection.
   *
   * @throws ModelException if the collection is damaged
   */
  public static List<ListedVariable> listed(Path source, MetaGraphDef metaGraph, String collection)
      throws ModelException {
    try {
      return ListedVariable.of(metaGraph, collection);
    } catch (IOException e) {
      throw new ModelException(source, "collection " + collection + ": " + e.getMessage(), e);
    }
  }

  /** The shapes of their values in a session, by op. */
  public static Map<String, Shape> shapes(
      Path source, Session session, List<ListedVariable> variables) throws ModelException {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    fetch(
        source, session, variables, (variable, value) -> shapes.put(variable.op(), value.shape()));
    return shapes;
  }

  /** Their values in a session, row-major. */
  public static Map<ListedVariable, float[]> floats(
      Path source, Session session, List<ListedVariable> variables) throws ModelException {
    Map<ListedVariable, float[]> values = new LinkedHashMap<>();
    Visitor copy =
        (variable, value) -> {
          if (!(value instanceof TFloat32 tensor)) {
            throw new ModelException(
                source,
                "expected float32 values of %s, found %s"
                    .formatted(variable.op(), value.dataType()));
          }
          values.put(variable, FloatTensors.values(tensor));
        };
    fetch(source, session, variables, copy);
    return values;
  }

  private static void fetch(
      Path source, Session session, List<ListedVariable> variables, Visitor visitor)
      throws ModelException {
    if (variables.isEmpty()) {
      return; // TensorFlow runs nothing without a fetch.
    }
    Session.Runner runner = session.runner();
    Supplier<Result> fetch =
        () -> {
          variables.forEach(variable -> runner.fetch(variable.valueTensor()));
          return runner.run();
        };
    try (Result values = TensorFlowCall.attempt(source, "the variables' values", fetch)) {
      for (int i = 0; i < variables.size(); i++) {
        visitor.visit(variables.get(i), values.get(i));
      }
    }
  }
}

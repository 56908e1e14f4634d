package vae.search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.proto.MetaGraphDef;
import vae.metagraph.KnownShapes;
import vae.metagraph.MetaGraphException;
import vae.metagraph.NodeGraph;
import vae.metagraph.RestoredVariable;
import vae.metagraph.VariableLists;
import vae.tf1.ListedVariable;
import vae.tf1.Tf1Names;

/**
 * A variable of a graph, and what a checkpoint has of it.
 *
 * @param name its op
 * @param type as NumPy names it
 * @param shape nothing where it is not known
 * @param trainable whether it is in the collection of those
 * @param key its name in the checkpoint
 * @param stored what the checkpoint has under it
 * @param found if that is another, its type and shape
 */
public record SurveyedVariable(
    String name,
    String type,
    Optional<List<Long>> shape,
    boolean trainable,
    String key,
    Stored stored,
    String found) {

  /** What a checkpoint has of a variable. */
  public enum Stored {
    /** The same type and shape. */
    SAME,
    /** Another type or shape. */
    OTHER,
    /** Nothing. */
    ABSENT,
    /** There is no checkpoint. */
    UNKNOWN
  }

  /** A tensor of a checkpoint: its type, as NumPy names it, and its shape. */
  public record Entry(String type, List<Long> shape) {}

  /** A graph's, the trainable ones first; a checkpoint's entries by name, if there is one. */
  static List<SurveyedVariable> of(
      MetaGraphDef metaGraph, NodeGraph graph, Optional<Map<String, Entry>> checkpoint) {
    List<RestoredVariable> saved = List.of();
    Set<String> trainable = Set.of();
    try {
      saved = RestoredVariable.of(metaGraph, graph);
      trainable = Set.copyOf(VariableLists.ops(metaGraph, Tf1Names.TRAINABLE_VARIABLES));
    } catch (MetaGraphException e) {
      // Told where the graph is refused for it.
    }
    List<SurveyedVariable> variables = new ArrayList<>();
    for (RestoredVariable variable : RestoredVariable.all(graph, saved)) {
      variables.add(variable(graph, variable, trainable.contains(variable.op()), checkpoint));
    }
    variables.sort(Comparator.comparing(SurveyedVariable::trainable).reversed());
    return variables;
  }

  private static SurveyedVariable variable(
      NodeGraph graph,
      RestoredVariable restored,
      boolean isTrainable,
      Optional<Map<String, Entry>> checkpoint) {
    String op = restored.op();
    String type = SurveyedTensor.typeName(graph.attribute(op, "dtype").getType());
    Optional<List<Long>> shape = KnownShapes.dims(graph.attribute(op, "shape").getShape());
    Stored stored = Stored.UNKNOWN;
    String other = "";
    if (checkpoint.isPresent()) {
      Entry entry = checkpoint.get().get(restored.key());
      if (entry == null) {
        stored = Stored.ABSENT;
      } else if (entry.type().equals(type)
          && (!restored.slice().isEmpty() || Optional.of(entry.shape()).equals(shape))) {
        stored = Stored.SAME;
      } else {
        stored = Stored.OTHER;
        other = entry.type() + " " + ListedVariable.tuple(entry.shape());
      }
    }
    return new SurveyedVariable(op, type, shape, isTrainable, restored.key(), stored, other);
  }
}

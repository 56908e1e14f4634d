package vae.metagraph;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import vae.tf1.GraphVariable;
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

  /**
   * A tensor of a checkpoint.
   *
   * @param type as NumPy names it
   * @param shape its sizes
   */
  public record Entry(String type, List<Long> shape) {}

  /**
   * A graph's, the trainable ones first.
   *
   * @param checkpoint what a checkpoint has, by name; nothing if there is none
   */
  static List<SurveyedVariable> of(
      MetaGraphDef metaGraph, NodeGraph graph, Optional<Map<String, Entry>> checkpoint) {
    Map<String, RestoredVariable> saved = new LinkedHashMap<>();
    Set<String> trainable;
    try {
      RestoredVariable.ofModel(metaGraph, graph).forEach(each -> saved.put(each.op(), each));
      trainable =
          VariableLists.of(metaGraph, Tf1Names.TRAINABLE_VARIABLES).stream()
              .map(VariableLists::op)
              .collect(Collectors.toSet());
    } catch (MetaGraphException e) { // Told where the graph is refused for it.
      trainable = Set.of();
    }
    List<SurveyedVariable> first = new ArrayList<>();
    List<SurveyedVariable> later = new ArrayList<>();
    for (NodeDef node : graph.nodes()) {
      if (GraphVariable.isVariable(node.getOp())) {
        String op = node.getName();
        RestoredVariable restored = saved.getOrDefault(op, new RestoredVariable(op, op, ""));
        boolean isTrainable = trainable.contains(op);
        (isTrainable ? first : later).add(variable(graph, restored, isTrainable, checkpoint));
      }
    }
    first.addAll(later);
    return first;
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

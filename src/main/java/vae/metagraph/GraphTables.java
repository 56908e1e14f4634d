package vae.metagraph;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.proto.MetaGraphDef;
import vae.tf1.GraphCollections;
import vae.tf1.TensorName;

/**
 * The tables of a stranger's graph that a function looks things up in. What fills them is noted in
 * a collection; nothing of the function waits for it.
 *
 * @param initializers the ops that fill them
 * @param files paths on the machine where the graph was made, by the tensor that holds each
 */
record GraphTables(Set<String> initializers, Map<String, String> files) {
  private static final String COLLECTION = "table_initializer";

  /** Those that some ops need; each must have something that fills it. */
  static GraphTables of(MetaGraphDef metaGraph, NodeGraph graph, Collection<String> needed)
      throws MetaGraphException {
    Set<String> tables = new LinkedHashSet<>();
    needed.stream()
        .filter(op -> graph.type(op).matches("(Mutable)?HashTable(V2)?"))
        .forEach(tables::add);
    Set<String> initializers = new LinkedHashSet<>();
    Map<String, String> files = new LinkedHashMap<>();
    Set<String> filled = new LinkedHashSet<>();
    for (String name : GraphCollections.nodes(metaGraph, COLLECTION)) {
      List<TensorName> inputs = graph.inputs(TensorName.parse(name));
      if (inputs.isEmpty() || !tables.contains(graph.through(inputs.get(0)).op())) {
        continue;
      }
      String op = TensorName.parse(name).op();
      initializers.add(op);
      filled.add(graph.through(inputs.get(0)).op());
      if (graph.type(op).startsWith("InitializeTableFromTextFile") && inputs.size() > 1) {
        TensorName path = graph.through(inputs.get(1));
        files.put(path.toString(), graph.string(path, 0));
      }
    }
    tables.removeAll(filled);
    if (!tables.isEmpty()) {
      throw new MetaGraphException(
          "expected what fills the tables %s in the collection '%s', found nothing"
              .formatted(tables, COLLECTION));
    }
    return new GraphTables(initializers, files);
  }
}

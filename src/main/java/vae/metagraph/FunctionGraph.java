package vae.metagraph;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.tensorflow.proto.CollectionDef;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorShapeProto;
import org.tensorflow.proto.VariableDef;
import vae.tf1.GraphCollections;
import vae.tf1.TensorName;
import vae.tf1.Tf1Names;

/**
 * The part of a stranger's graph that computes the functions which a user names, with just the
 * variables and tables that they read. Where an input is no placeholder, one is put in its place,
 * and what only it needs is left out: queues, say.
 *
 * @param graph the ops
 * @param collections of the variables, and the init op's
 * @param variables that are restored
 * @param signatures the functions, by key
 * @param init what fills the tables
 * @param files that tables are read from: paths of another machine's, by tensor
 * @param dropped how many ops were left out
 */
public record FunctionGraph(
    GraphDef graph,
    Map<String, CollectionDef> collections,
    List<RestoredVariable> variables,
    Map<String, SignatureDef> signatures,
    Optional<String> init,
    Map<String, String> files,
    int dropped) {
  private static final String INIT = "tables_initialized";
  private static final long UNKNOWN = -1;

  /**
   * Takes a graph apart.
   *
   * @param metaGraph with collections and a saver, where there are any
   * @param requests at least one
   * @param fixed scalar placeholders that get a value for good; see {@link GraphHints#fixed}
   * @param kept variables that are kept though no function reads them, such as an optimizer's
   * @param allowed the ops that it may need
   * @throws MetaGraphException if a tensor is missing, something else must be fed, or TensorFlow
   *     can't load what is needed
   */
  public static FunctionGraph of(
      MetaGraphDef metaGraph,
      List<FunctionRequest> requests,
      Map<String, String> fixed,
      Set<String> kept,
      AllowedOps allowed)
      throws MetaGraphException {
    return cut(metaGraph, requests, fixed, kept, allowed, true);
  }

  /**
   * The same with nothing loaded into TensorFlow, and so without signatures: what of it can be
   * refused before is refused.
   */
  public static FunctionGraph unloaded(MetaGraphDef metaGraph, List<FunctionRequest> requests)
      throws MetaGraphException {
    return cut(metaGraph, requests, Map.of(), Set.of(), AllowedOps.STANDARD, false);
  }

  /** The same with other collections. */
  public FunctionGraph with(Map<String, CollectionDef> others) {
    return new FunctionGraph(graph, others, variables, signatures, init, files, dropped);
  }

  private static FunctionGraph cut(
      MetaGraphDef metaGraph,
      List<FunctionRequest> requests,
      Map<String, String> fixed,
      Set<String> kept,
      AllowedOps allowed,
      boolean isLoaded)
      throws MetaGraphException {
    GraphDef graph = FixedPlaceholders.in(metaGraph.getGraphDef(), fixed);
    var old = new NodeGraph(graph);
    SoundGraph.require(old);
    Map<TensorName, String> wishes = new LinkedHashMap<>();
    Set<String> roots = new LinkedHashSet<>();
    for (FunctionRequest request : requests) {
      for (Map.Entry<String, String> input : request.inputs().entrySet()) {
        wishes.putIfAbsent(old.tensor(input.getValue(), "--input"), input.getKey());
      }
      for (String output : request.outputs().values()) {
        roots.add(old.tensor(output, "--output").op());
      }
    }
    Map<TensorName, TensorName> moved = placeholders(old, wishes);
    for (TensorName input : wishes.keySet()) {
      if (!moved.containsKey(input)) {
        roots.add(input.op());
      }
    }
    Set<String> computing = old.ancestorsBehind(roots, moved.keySet());
    requireFed(old, computing, wishes.keySet());

    GraphTables tables = GraphTables.of(metaGraph, old, computing);
    List<RestoredVariable> variables =
        RestoredVariable.all(old, RestoredVariable.of(metaGraph, old)).stream()
            .filter(each -> computing.contains(each.op()) || kept.contains(each.op()))
            .toList();
    Set<String> restored = new LinkedHashSet<>();
    variables.forEach(variable -> restored.add(variable.op()));
    roots.addAll(restored);
    roots.addAll(tables.initializers());
    for (VariableDef variable : VariableLists.of(metaGraph, Tf1Names.GLOBAL_VARIABLES, restored)) {
      GraphCut.initialOps(variable).filter(old::has).forEach(roots::add);
    }
    var cut = new GraphCut(graph, old);
    for (Map.Entry<TensorName, TensorName> input : moved.entrySet()) {
      cut.put(placeholder(old, input.getKey(), input.getValue().op()));
    }
    cut.keep(roots, moved);
    Map<String, CollectionDef> collections = VariableLists.collections(metaGraph, restored);
    Optional<String> init = Optional.empty();
    if (!tables.initializers().isEmpty()) {
      NodeDef.Builder group =
          NodeDef.newBuilder().setName(GraphCut.unused(cut.names(), INIT)).setOp("NoOp");
      tables.initializers().forEach(op -> group.addInput("^" + op));
      cut.put(group.build());
      init = Optional.of(group.getName());
      collections.put(SignatureGraph.MAIN_OP, GraphCollections.ofNodes(group.getName()));
    }
    GraphDef part = cut.graph();
    GraphCut.requireNoInit(part);
    GraphGuard.check(part, allowed, tables.files().keySet());
    return new FunctionGraph(
        part,
        collections,
        variables,
        isLoaded ? InferredShapes.signatures(part, requests, moved) : Map.of(),
        init,
        tables.files(),
        old.nodes().size() - part.getNodeCount());
  }

  /** Placeholders for the inputs that are none. */
  private static Map<TensorName, TensorName> placeholders(
      NodeGraph graph, Map<TensorName, String> wishes) {
    Set<String> names = new LinkedHashSet<>();
    graph.nodes().forEach(node -> names.add(node.getName()));
    Map<TensorName, TensorName> moved = new LinkedHashMap<>();
    wishes.forEach(
        (tensor, wish) -> {
          if (!graph.type(tensor).startsWith("Placeholder")) {
            String name = GraphCut.unused(names, wish.replaceAll("[^A-Za-z0-9_.]", "_"));
            names.add(name);
            moved.put(tensor, new TensorName(name, 0));
          }
        });
    return moved;
  }

  /** Of the type that the tensor has, and of the shape that is known of it; any number of rows. */
  private static NodeDef placeholder(NodeGraph graph, TensorName tensor, String name)
      throws MetaGraphException {
    Optional<DataType> type = graph.dataType(tensor);
    if (type.isEmpty()) {
      throw new MetaGraphException(
          "expected an input of a known type, found %s of %s, which TensorFlow does not know"
              .formatted(tensor, graph.type(tensor)));
    }
    TensorShapeProto.Builder shape =
        KnownShapes.noted(graph.node(tensor.op()), tensor.output()).toBuilder();
    if (shape.getDimCount() > 0) {
      shape.getDimBuilder(0).setSize(UNKNOWN);
    }
    return GraphCut.placeholder(name, type.get(), shape.build());
  }

  private static void requireFed(NodeGraph graph, Set<String> computing, Set<TensorName> inputs)
      throws MetaGraphException {
    Set<String> fed = inputs.stream().map(TensorName::op).collect(Collectors.toSet());
    List<String> missing =
        computing.stream()
            .filter(op -> graph.type(op).matches("Placeholder(V2)?") && !fed.contains(op))
            .toList();
    if (!missing.isEmpty()) {
      throw new MetaGraphException(
          ("expected all that must be fed as inputs, found that %s must be fed too; --input"
                  + " KEY=NAME makes it an input, --set NAME=VALUE gives a scalar a value for good")
              .formatted(missing));
    }
  }
}

package vae.metagraph;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.CollectionDef;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorShapeProto;
import org.tensorflow.proto.VariableDef;
import vae.tf1.GraphCollections;
import vae.tf1.GraphVariable;
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
    Parts parts = parts(metaGraph, requests, fixed, kept, allowed);
    FunctionGraph cut = parts.cut();
    Function<TensorName, TensorName> now = tensor -> parts.moved().getOrDefault(tensor, tensor);
    return new FunctionGraph(
        cut.graph(),
        cut.collections(),
        cut.variables(),
        InferredSignatures.of(cut.graph(), requests, now),
        cut.init(),
        cut.files(),
        cut.dropped());
  }

  /**
   * The same with nothing loaded into TensorFlow, and so without signatures: what of it can be
   * refused before is refused.
   */
  static FunctionGraph unloaded(
      MetaGraphDef metaGraph,
      List<FunctionRequest> requests,
      Map<String, String> fixed,
      AllowedOps allowed)
      throws MetaGraphException {
    return parts(metaGraph, requests, fixed, Set.of(), allowed).cut();
  }

  /** The same with other collections. */
  FunctionGraph with(Map<String, CollectionDef> others) {
    return new FunctionGraph(graph, others, variables, signatures, init, files, dropped);
  }

  /** What was cut out, without signatures, and which tensors are others now. */
  private record Parts(FunctionGraph cut, Map<TensorName, TensorName> moved) {}

  private static Parts parts(
      MetaGraphDef metaGraph,
      List<FunctionRequest> requests,
      Map<String, String> fixed,
      Set<String> kept,
      AllowedOps allowed)
      throws MetaGraphException {
    GraphDef graph = FixedPlaceholders.in(metaGraph.getGraphDef(), fixed);
    var old = new NodeGraph(graph);
    SoundGraph.require(old);
    Map<TensorName, String> wishes = new LinkedHashMap<>();
    Set<String> roots = new LinkedHashSet<>();
    for (FunctionRequest request : requests) {
      for (Map.Entry<String, String> input : request.inputs().entrySet()) {
        wishes.putIfAbsent(existing(old, input.getValue(), "--input"), input.getKey());
      }
      for (String output : request.outputs().values()) {
        roots.add(existing(old, output, "--output").op());
      }
    }
    Map<TensorName, TensorName> moved = placeholders(old, wishes);
    roots.addAll(
        wishes.keySet().stream()
            .filter(input -> !moved.containsKey(input))
            .map(TensorName::op)
            .toList());
    Set<String> computing = old.ancestorsBehind(roots, moved.keySet());
    requireFed(old, computing, wishes.keySet());

    GraphTables tables = GraphTables.of(metaGraph, old, computing);
    Set<String> held = new LinkedHashSet<>(computing);
    held.addAll(kept);
    List<RestoredVariable> variables = variables(metaGraph, old, held);
    Set<String> restored =
        variables.stream()
            .map(RestoredVariable::op)
            .collect(Collectors.toCollection(LinkedHashSet::new));
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
    GraphCut.requireNoInit(cut.names());
    GraphGuard.check(cut.graph(), allowed, tables.files().keySet());
    return new Parts(
        new FunctionGraph(
            cut.graph(),
            collections,
            variables,
            Map.of(),
            init,
            tables.files(),
            old.nodes().size() - cut.names().size()),
        moved);
  }

  private static TensorName existing(NodeGraph graph, String text, String option)
      throws MetaGraphException {
    TensorName tensor = TensorName.parse(text);
    if (!graph.has(tensor.op())) {
      throw new MetaGraphException(
          "expected the tensor %s of %s in the graph, found no such op".formatted(text, option));
    }
    return tensor;
  }

  /** Placeholders for the inputs that are none. */
  private static Map<TensorName, TensorName> placeholders(
      NodeGraph graph, Map<TensorName, String> wishes) {
    Set<String> names =
        graph.nodes().stream()
            .map(NodeDef::getName)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    Map<TensorName, TensorName> moved = new LinkedHashMap<>();
    wishes.forEach(
        (tensor, wish) -> {
          if (!graph.type(tensor.op()).startsWith("Placeholder")) {
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
    Optional<DataType> type = OutputTypes.of(graph, tensor);
    if (type.isEmpty()) {
      throw new MetaGraphException(
          "expected an input of a known type, found %s of %s, which TensorFlow does not know"
              .formatted(tensor, graph.type(tensor.op())));
    }
    TensorShapeProto.Builder shape =
        OldPlaceholder.outputShape(graph.node(tensor.op()), tensor.output()).toBuilder();
    if (shape.getDimCount() > 0) {
      shape.getDimBuilder(0).setSize(UNKNOWN);
    }
    return NodeDef.newBuilder()
        .setName(name)
        .setOp("Placeholder")
        .putAttr("dtype", AttrValue.newBuilder().setType(type.get()).build())
        .putAttr("shape", AttrValue.newBuilder().setShape(shape).build())
        .build();
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

  /** Those that are needed: as the saver restores them, else under their ops' names. */
  private static List<RestoredVariable> variables(
      MetaGraphDef metaGraph, NodeGraph graph, Set<String> computing) throws MetaGraphException {
    Map<String, RestoredVariable> saved = new LinkedHashMap<>();
    RestoredVariable.ofModel(metaGraph, graph)
        .forEach(variable -> saved.put(variable.op(), variable));
    List<RestoredVariable> variables = new ArrayList<>();
    for (NodeDef node : graph.nodes()) {
      String op = node.getName();
      if (computing.contains(op) && GraphVariable.isVariable(node.getOp())) {
        variables.add(saved.getOrDefault(op, new RestoredVariable(op, op, "")));
      }
    }
    return variables;
  }
}

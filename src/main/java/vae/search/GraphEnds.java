package vae.search;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.tensorflow.proto.NodeDef;
import vae.metagraph.NodeGraph;
import vae.tf1.GraphVariable;
import vae.tf1.TensorName;
import vae.tf1.Tf1Names;

/**
 * Where the models of a graph end: a graph of a training goes on to losses, gradients and savers,
 * and does not say where the model stops. Taken are the members of collections, what nothing of the
 * model reads, what the last layer gives, and activations to which somebody gave a name.
 */
final class GraphEnds {
  private static final Pattern OTHER_SCOPE =
      Pattern.compile(
          "(?i)(gradients|save|train|training|optimizer|(train_)?(adam|rmsprop|gradientdescent"
              + "|momentum|adagrad|adadelta|ftrl)(optimizer)?|assignmovingavg|report_uninitialized"
              + "_variables|clip_by_global_norm|global_norm)(_\\d+)?");

  private static final Pattern OTHER_TYPE =
      Pattern.compile(
          "(Resource)?(Sparse)?Apply.*|.*Summary.*|Assign.*|Scatter(Add|Sub|Update).*|Assert|NoOp"
              + "|Print.*|Queue.*|Save.*|Restore.*|Const|Shape|ShapeN|Size|Rank|RefSwitch");

  private static final Set<String> LAYERS =
      NodeGraph.types(
          """
          MatMul BatchMatMul BatchMatMulV2 Conv2D Conv3D Conv2DBackpropInput
          Conv3DBackpropInputV2 DepthwiseConv2dNative BiasAdd
          """);

  private static final Set<String> SQUASHING = Set.of("Sigmoid", "Tanh", "Softmax");
  private static final Set<String> SHAPING = Set.of("Identity", "Reshape", "Squeeze", "ExpandDims");
  private static final Set<String> HANDING_ON = Set.of("Identity", "ReadVariableOp", "Enter");
  private static final Set<String> TF1S_OWN =
      Set.of(Tf1Names.GLOBAL_VARIABLES, Tf1Names.TRAINABLE_VARIABLES, Tf1Names.LOSSES);

  private final NodeGraph graph;
  private final Set<String> inference = new HashSet<>();
  private final Set<String> model;
  private final Set<String> variables;
  private final Map<String, String> handedOn = new HashMap<>();

  private GraphEnds(NodeGraph graph, Set<String> sources) {
    this.graph = graph;
    Set<String> all = new LinkedHashSet<>();
    for (NodeDef node : graph.nodes()) {
      if (isOfModel(node)) {
        inference.add(node.getName());
      }
      if (GraphVariable.isVariable(node.getOp())) {
        all.add(node.getName());
      }
    }
    this.model = NodeGraph.reach(sources, this::readers);
    this.variables =
        NodeGraph.reach(
            all,
            op ->
                readers(op).stream()
                    .filter(reader -> HANDING_ON.contains(graph.type(reader)))
                    .toList());
  }

  private List<String> readers(String op) {
    return graph.readers(op).stream().filter(inference::contains).toList();
  }

  /** The likeliest first: of collections, by key, and of what follows on the sources of data. */
  static List<TensorName> of(
      NodeGraph graph, Set<String> sources, Map<String, List<String>> collections) {
    var search = new GraphEnds(graph, sources);
    Map<TensorName, Integer> ranks = new LinkedHashMap<>();
    collections.forEach(
        (key, members) -> {
          for (String member : members) {
            TensorName tensor = TensorName.parse(member);
            if (!TF1S_OWN.contains(key)
                && member.contains(":")
                && search.model.contains(tensor.op())) {
              ranks.putIfAbsent(tensor, 0);
            }
          }
        });
    search.rank(ranks);
    boolean areAllScalars = ranks.keySet().stream().allMatch(end -> graph.isOfRank(end, 0));
    if (!areAllScalars) {
      ranks.keySet().removeIf(end -> graph.isOfRank(end, 0));
    }
    List<TensorName> ordered = new ArrayList<>(ranks.keySet());
    // Of equals the later: a graph is built from its inputs to its ends.
    Collections.reverse(ordered);
    ordered.sort(Comparator.comparing(ranks::get));
    return ordered;
  }

  private void rank(Map<TensorName, Integer> ranks) {
    Set<String> layers = new LinkedHashSet<>();
    for (String op : model) {
      if (isLayer(op)) {
        layers.add(op);
      }
    }
    Set<String> before = above(layers);
    Set<String> ends = new LinkedHashSet<>();
    for (String layer : layers) {
      if (!before.contains(layer)) {
        ends.add(handedOn(layer));
      }
    }
    // The file's order, which is that of building, where Python wrote it.
    for (NodeDef node : graph.nodes()) {
      String op = node.getName();
      if (!model.contains(op) || graph.inputs(op).isEmpty()) {
        continue;
      }
      boolean isEnd = ends.contains(op) || readers(op).isEmpty();
      boolean isNamed =
          (SQUASHING.contains(node.getOp()) || node.getOp().equals("Identity")) && isNamed(node);
      if (isEnd || isNamed) {
        boolean isSquashed = SQUASHING.contains(graph.type(reshaped(op)));
        int rank = isEnd ? isSquashed ? 1 : 2 : 3;
        ranks.putIfAbsent(
            new TensorName(op, 0),
            graph.isOfType(new TensorName(op, 0), NodeGraph.FRACTIONS) ? rank : 4);
      }
    }
  }

  /** What an op that only shapes is given. */
  private String reshaped(String op) {
    return graph.through(new TensorName(op, 0), SHAPING).op();
  }

  /** Whether somebody gave it a name that is not its type's. */
  private static boolean isNamed(NodeDef node) {
    String last = node.getName().substring(node.getName().lastIndexOf('/') + 1);
    return !last.matches(
        "(?i)" + node.getOp() + "(_\\d+)?|read|control_dependency|Switch.*|Merge.*");
  }

  /** The model's op at which a layer's activation and shape are done. */
  private String handedOn(String layer) {
    String at = layer;
    Set<String> seen = new LinkedHashSet<>();
    while (seen.add(at)) {
      if (handedOn.containsKey(at)) {
        at = handedOn.get(at);
        break;
      }
      Optional<String> next =
          readers(at).stream()
              .filter(model::contains)
              .filter(
                  op ->
                      NodeGraph.isActivation(graph.type(op))
                          || SQUASHING.contains(graph.type(op))
                          || SHAPING.contains(graph.type(op)))
              .findFirst();
      if (next.isEmpty()) {
        break;
      }
      at = next.get();
    }
    for (String op : seen) {
      handedOn.put(op, at);
    }
    return at;
  }

  /** Whether an op is a layer, or reads a variable. */
  private boolean isLayer(String op) {
    return LAYERS.contains(graph.type(op))
        || (!SHAPING.contains(graph.type(op))
            && graph.inputs(op).stream().anyMatch(input -> variables.contains(input.op())));
  }

  /** What is above some ops in the model, they not unless one is above another. */
  private Set<String> above(Set<String> ops) {
    Set<String> inputs = new LinkedHashSet<>();
    ops.forEach(op -> inputs.addAll(inputsInModel(op)));
    return NodeGraph.reach(inputs, this::inputsInModel);
  }

  private List<String> inputsInModel(String op) {
    return graph.inputs(op).stream().map(TensorName::op).filter(model::contains).toList();
  }

  private static boolean isOfModel(NodeDef node) {
    return !OTHER_TYPE.matcher(node.getOp()).matches()
        && Stream.of(node.getName().split("/", -1))
            .noneMatch(scope -> OTHER_SCOPE.matcher(scope).matches());
  }
}

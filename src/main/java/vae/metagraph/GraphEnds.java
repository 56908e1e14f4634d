package vae.metagraph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.tensorflow.proto.NodeDef;
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
      Set.of(
          "MatMul",
          "BatchMatMul",
          "BatchMatMulV2",
          "Conv2D",
          "Conv3D",
          "Conv2DBackpropInput",
          "Conv3DBackpropInputV2",
          "DepthwiseConv2dNative",
          "BiasAdd");

  private static final Set<String> SQUASHING = Set.of("Sigmoid", "Tanh", "Softmax");
  private static final Set<String> SHAPING = Set.of("Identity", "Reshape", "Squeeze", "ExpandDims");
  private static final Set<String> HANDING_ON = Set.of("Identity", "ReadVariableOp", "Enter");
  private static final Set<String> TF1S_OWN =
      Set.of(Tf1Names.GLOBAL_VARIABLES, Tf1Names.TRAINABLE_VARIABLES, Tf1Names.LOSSES);

  private final NodeGraph graph;
  private final Set<String> model;
  private final Map<String, List<String>> readers = new HashMap<>();
  private final Set<String> variables;
  private final Map<String, String> handedOn = new HashMap<>();

  private GraphEnds(NodeGraph graph, Set<String> sources) {
    this.graph = graph;
    for (NodeDef node : graph.nodes()) {
      if (isOfModel(node)) {
        for (TensorName input : graph.inputs(node.getName())) {
          readers.computeIfAbsent(input.op(), key -> new ArrayList<>()).add(node.getName());
        }
      }
    }
    this.model = downFrom(sources, op -> true);
    Set<String> all = new LinkedHashSet<>();
    for (NodeDef node : graph.nodes()) {
      if (GraphVariable.isVariable(node.getOp())) {
        all.add(node.getName());
      }
    }
    this.variables = downFrom(all, op -> HANDING_ON.contains(graph.type(op)));
  }

  /**
   * Searches; the likeliest comes first.
   *
   * @param sources the ops where data comes in
   * @param collections the members of each, by its key
   */
  static List<TensorName> of(
      NodeGraph graph,
      KnownShapes shapes,
      Set<String> sources,
      Map<String, List<String>> collections) {
    var search = new GraphEnds(graph, sources);
    Map<TensorName, Integer> ranks = new LinkedHashMap<>();
    collections.forEach(
        (key, members) -> {
          for (String member : members) {
            TensorName tensor = TensorName.parse(member);
            if (!TF1S_OWN.contains(key) && member.contains(":") && search.gives(tensor)) {
              ranks.putIfAbsent(tensor, 0);
            }
          }
        });
    search.rank(ranks);
    boolean areAllScalars = ranks.keySet().stream().allMatch(shapes::isScalar);
    if (!areAllScalars) {
      ranks.keySet().removeIf(shapes::isScalar);
    }
    List<TensorName> ordered = new ArrayList<>(ranks.keySet());
    // Of equals the later: a graph is built from its inputs to its ends.
    Collections.reverse(ordered);
    ordered.sort(Comparator.comparing(ranks::get));
    return ordered;
  }

  private boolean gives(TensorName tensor) {
    return model.contains(tensor.op());
  }

  private void rank(Map<TensorName, Integer> ranks) {
    Set<String> layers = new LinkedHashSet<>();
    for (String op : model) {
      if (isLayer(op)) {
        layers.add(op);
      }
    }
    Set<String> before = graphAbove(layers);
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
      boolean isEnd = ends.contains(op) || readers.getOrDefault(op, List.of()).isEmpty();
      boolean isNamed =
          (SQUASHING.contains(node.getOp()) || node.getOp().equals("Identity")) && isNamed(node);
      if (isEnd || isNamed) {
        boolean isSquashed = SQUASHING.contains(graph.type(reshaped(op)));
        int rank = isEnd ? isSquashed ? 1 : 2 : 3;
        ranks.putIfAbsent(new TensorName(op, 0), isFloat(op) ? rank : 4);
      }
    }
  }

  private boolean isFloat(String op) {
    Optional<String> type = type(new TensorName(op, 0));
    return type.isPresent() && type.get().matches("DT_(FLOAT|DOUBLE|HALF|BFLOAT16)");
  }

  private Optional<String> type(TensorName tensor) {
    try {
      return OutputTypes.of(graph, tensor).map(Enum::name);
    } catch (MetaGraphException e) {
      return Optional.empty();
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
          readers.getOrDefault(at, List.of()).stream()
              .filter(model::contains)
              .filter(
                  op ->
                      DenseLayer.isActivation(graph.type(op))
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
  private Set<String> graphAbove(Set<String> ops) {
    Set<String> above = new HashSet<>();
    Deque<String> open = new ArrayDeque<>(ops);
    Set<String> done = new HashSet<>();
    while (!open.isEmpty()) {
      String op = open.remove();
      if (done.add(op)) {
        for (TensorName input : graph.inputs(op)) {
          if (model.contains(input.op())) {
            above.add(input.op());
            open.add(input.op());
          }
        }
      }
    }
    return above;
  }

  private Set<String> downFrom(Set<String> sources, Predicate<String> isWay) {
    Set<String> down = new LinkedHashSet<>(sources);
    Deque<String> open = new ArrayDeque<>(sources);
    while (!open.isEmpty()) {
      for (String op : readers.getOrDefault(open.remove(), List.of())) {
        if (isWay.test(op) && down.add(op)) {
          open.add(op);
        }
      }
    }
    return down;
  }

  private static boolean isOfModel(NodeDef node) {
    if (OTHER_TYPE.matcher(node.getOp()).matches()) {
      return false;
    }
    for (String scope : node.getName().split("/", -1)) {
      if (OTHER_SCOPE.matcher(scope).matches()) {
        return false;
      }
    }
    return true;
  }
}

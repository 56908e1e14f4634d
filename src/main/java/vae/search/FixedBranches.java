package vae.search;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import vae.metagraph.KnownShapes;
import vae.metagraph.NodeGraph;
import vae.tf1.TensorName;

/**
 * Decides a graph's conditions that no longer depend on anything, such as {@code
 * tf.cond(is_training, …)} once {@code is_training} is a constant: the branch that is never taken
 * goes, and with it its noise and its statistics of a batch.
 */
final class FixedBranches {
  private static final int MOST_ROUNDS = 100;
  private static final Set<String> SWITCHES = Set.of("Switch", "RefSwitch");
  private static final Set<String> MERGES = Set.of("Merge", "RefMerge");

  private final NodeGraph graph;
  private final Map<String, Boolean> taken = new HashMap<>();
  private final Set<String> dead = new HashSet<>();

  private FixedBranches(NodeGraph graph) {
    this.graph = graph;
  }

  /** The graph without them; the same if there are none. */
  static GraphDef decided(GraphDef definition) {
    var branches = new FixedBranches(new NodeGraph(definition));
    for (NodeDef node : definition.getNodeList()) {
      List<TensorName> inputs = branches.graph.inputs(node.getName());
      if (SWITCHES.contains(node.getOp()) && inputs.size() == 2) {
        branches.truth(inputs.get(1)).ifPresent(is -> branches.taken.put(node.getName(), is));
      }
    }
    return branches.taken.isEmpty() ? definition : branches.without(definition);
  }

  private Optional<Boolean> truth(TensorName tensor) {
    TensorName at = tensor;
    boolean isOther = false;
    while (!graph.inputs(at).isEmpty()) {
      String type = graph.type(at);
      boolean isSwitched = SWITCHES.contains(type); // Within a branch: the outer condition's value.
      if (!type.equals("Identity") && !type.equals("LogicalNot") && !isSwitched) {
        return Optional.empty();
      }
      isOther ^= type.equals("LogicalNot");
      at = graph.input(at, 0);
    }
    boolean isNot = isOther;
    return graph.constant(at).truth().map(is -> is ^ isNot);
  }

  private GraphDef without(GraphDef definition) {
    findDead(definition);
    GraphDef.Builder rest = definition.toBuilder().clearNode();
    for (NodeDef node : definition.getNodeList()) {
      if (!dead.contains(node.getName())) {
        rest.addNode(decided(node));
      }
    }
    return rest.build();
  }

  private void findDead(GraphDef definition) {
    // A node stands behind those that it reads, where Python wrote the file: mostly one round.
    boolean goesOn = true;
    for (int round = 0; goesOn && round < MOST_ROUNDS; round++) {
      goesOn = false;
      for (NodeDef node : definition.getNodeList()) {
        goesOn |= isDead(node) && dead.add(node.getName());
      }
    }
  }

  private boolean isDead(NodeDef node) {
    if (MERGES.contains(node.getOp())) {
      List<TensorName> inputs = graph.inputs(node.getName());
      return !inputs.isEmpty() && inputs.stream().allMatch(this::isDead);
    }
    return node.getInputList().stream()
        .map(text -> NodeGraph.isControl(text) ? text.substring(1) : text)
        .anyMatch(text -> isDead(TensorName.parse(text)));
  }

  private boolean isDead(TensorName tensor) {
    return dead.contains(tensor.op())
        || (taken.containsKey(tensor.op()) && (tensor.output() == 1) != taken.get(tensor.op()));
  }

  /** A condition that is decided hands on what it gets. */
  private NodeDef decided(NodeDef node) {
    NodeDef.Builder builder = node.toBuilder().clearInput();
    List<String> living = new ArrayList<>();
    for (String text : node.getInputList()) {
      TensorName input = TensorName.parse(text);
      if (NodeGraph.isControl(text)) {
        living.add(text);
      } else if (!isDead(input)) {
        living.add(taken.containsKey(input.op()) ? input.op() : text);
      }
    }
    boolean isMerge =
        MERGES.contains(node.getOp())
            && living.size() == 1
            && graph.inputs(node.getName()).size() > 1
            && !readsPlace(node.getName());
    if (isMerge || taken.containsKey(node.getName())) {
      AttrValue type = node.getAttrOrDefault("T", AttrValue.getDefaultInstance());
      AttrValue shapes = node.getAttrOrDefault(KnownShapes.NOTED, AttrValue.getDefaultInstance());
      builder.setOp("Identity").clearAttr().putAttr("T", type);
      if (shapes.hasList()) {
        builder.putAttr(KnownShapes.NOTED, shapes);
      }
      return builder.addInput(living.get(0)).build();
    }
    return living.size() == node.getInputCount()
        ? builder.addAllInput(living).build()
        : node; // A merge of which more than one branch may come.
  }

  /** Whether somebody asks which of the branches it was. */
  private boolean readsPlace(String merge) {
    return graph.readers(merge).stream()
        .flatMap(reader -> graph.inputs(reader).stream())
        .anyMatch(new TensorName(merge, 1)::equals);
  }
}

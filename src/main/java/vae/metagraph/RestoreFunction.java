package vae.metagraph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;
import vae.tf1.TensorName;

/**
 * The restore op of a TF2 SavedModel, which is a call: the function takes the file's name and the
 * variables' handles. It is read, never run.
 */
final class RestoreFunction {
  /**
   * In a function's body a tensor has its op's output's name between: {@code RestoreV2:tensors:3}.
   */
  private static final Pattern BODY_TENSOR = Pattern.compile("([^:]+):[^:]+:(\\d+)");

  private RestoreFunction() {}

  /**
   * The variables that a call restores.
   *
   * @return none if it is no call of a function of the graph's
   * @throws MetaGraphException if the function is damaged
   */
  static List<RestoredVariable> of(GraphDef graph, NodeDef call) throws MetaGraphException {
    String name = call.getAttrOrDefault("f", AttrValue.getDefaultInstance()).getFunc().getName();
    for (FunctionDef function : graph.getLibrary().getFunctionList()) {
      if (function.getSignature().getName().equals(name)) {
        return in(function, call);
      }
    }
    return List.of();
  }

  private static List<RestoredVariable> in(FunctionDef function, NodeDef call)
      throws MetaGraphException {
    Map<String, String> arguments = new HashMap<>();
    List<OpDef.ArgDef> parameters = function.getSignature().getInputArgList();
    for (int i = 0; i < Math.min(parameters.size(), call.getInputCount()); i++) {
      arguments.put(parameters.get(i).getName(), TensorName.parse(call.getInput(i)).op());
    }
    var body = GraphDef.newBuilder();
    for (NodeDef node : function.getNodeDefList()) {
      NodeDef.Builder plain = node.toBuilder().clearInput();
      node.getInputList().forEach(input -> plain.addInput(plain(input)));
      body.addNode(plain);
    }
    var nodes = new NodeGraph(body.build());
    SoundGraph.require(nodes);
    UnaryOperator<String> outside = op -> arguments.getOrDefault(op, op);
    List<RestoredVariable> restored = new ArrayList<>();
    for (NodeDef node : nodes.nodes()) {
      RestoredVariable.assigned(nodes, node.getName(), outside).ifPresent(restored::add);
    }
    return restored;
  }

  private static String plain(String input) {
    Matcher tensor = BODY_TENSOR.matcher(input);
    return tensor.matches() ? tensor.group(1) + ":" + tensor.group(2) : input;
  }
}

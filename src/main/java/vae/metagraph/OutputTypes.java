package vae.metagraph;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.TensorFlow;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;
import vae.tf1.TensorName;

/**
 * The types of ops' outputs by TensorFlow's own definitions of its ops, nothing loaded: the op may
 * be one that must not be.
 */
final class OutputTypes {
  private static final Map<String, OpDef> KNOWN = known();

  private OutputTypes() {}

  /** The type of a tensor; nothing for one of an op that TensorFlow does not know. */
  static Optional<DataType> of(NodeGraph graph, TensorName tensor) throws MetaGraphException {
    NodeDef node = graph.node(tensor.op());
    OpDef definition = KNOWN.get(node.getOp());
    if (definition == null) {
      return Optional.empty();
    }
    int left = tensor.output();
    for (OpDef.ArgDef output : definition.getOutputArgList()) {
      List<DataType> several = attribute(node, output.getTypeListAttr()).getList().getTypeList();
      int count =
          !output.getTypeListAttr().isEmpty()
              ? several.size()
              : output.getNumberAttr().isEmpty()
                  ? 1
                  : (int) attribute(node, output.getNumberAttr()).getI();
      if (left < count) {
        return Optional.of(
            !output.getTypeListAttr().isEmpty()
                ? several.get(left)
                : output.getTypeAttr().isEmpty()
                    ? output.getType()
                    : attribute(node, output.getTypeAttr()).getType());
      }
      left -= count;
    }
    return Optional.empty();
  }

  private static AttrValue attribute(NodeDef node, String name) {
    return node.getAttrOrDefault(name, AttrValue.getDefaultInstance());
  }

  private static Map<String, OpDef> known() {
    Map<String, OpDef> known = new HashMap<>();
    TensorFlow.registeredOpList().getOpList().forEach(op -> known.put(op.getName(), op));
    return known;
  }
}

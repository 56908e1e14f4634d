package vae.metagraph;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.TensorFlow;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;

/**
 * The types of ops' outputs by TensorFlow's own definitions of its ops, nothing loaded: the op may
 * be one that must not be.
 */
final class OutputTypes {
  private static final Map<String, OpDef> KNOWN = known();

  private OutputTypes() {}

  /** The type of a node's output; nothing for one of an op that TensorFlow does not know. */
  static Optional<DataType> of(NodeDef node, int place) {
    OpDef definition = KNOWN.getOrDefault(node.getOp(), OpDef.getDefaultInstance());
    int left = place;
    for (OpDef.ArgDef output : definition.getOutputArgList()) {
      List<DataType> types = types(node, output);
      if (left < types.size()) {
        return Optional.of(types.get(left));
      }
      left -= types.size();
    }
    return Optional.empty();
  }

  /** Of what stands as one output in a definition, and may be several tensors. */
  private static List<DataType> types(NodeDef node, OpDef.ArgDef output) {
    if (!output.getTypeListAttr().isEmpty()) {
      return attribute(node, output.getTypeListAttr()).getList().getTypeList();
    }
    DataType type =
        output.getTypeAttr().isEmpty()
            ? output.getType()
            : attribute(node, output.getTypeAttr()).getType();
    long count =
        output.getNumberAttr().isEmpty() ? 1 : attribute(node, output.getNumberAttr()).getI();
    return Collections.nCopies((int) Math.max(0, Math.min(count, Integer.MAX_VALUE)), type);
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

package vae.metagraph;

import java.util.Map;
import java.util.TreeMap;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;
import vae.tf1.TensorName;

/** Gives placeholders such as {@code keep_prob} or {@code is_training} their value for good. */
public final class FixedPlaceholders {
  private static final String DTYPE = "dtype";

  private FixedPlaceholders() {}

  /**
   * The graph with constants in the place of placeholders, by name.
   *
   * @throws MetaGraphException if there is no such placeholder, or the value is not of its type
   */
  public static GraphDef in(GraphDef graph, Map<String, String> values) throws MetaGraphException {
    if (values.isEmpty()) {
      return graph;
    }
    Map<String, String> left = new TreeMap<>();
    values.forEach((name, value) -> left.put(TensorName.parse(name).op(), value));
    GraphDef.Builder fixed = graph.toBuilder();
    for (NodeDef.Builder node : fixed.getNodeBuilderList()) {
      if (DataSources.isPlaceholder(node.getOp()) && left.containsKey(node.getName())) {
        String value = left.remove(node.getName());
        AttrValue dtype = node.getAttrOrThrow(DTYPE);
        TensorProto constant = constant(node.getName(), dtype.getType(), value);
        node.setOp("Const")
            .clearInput()
            .clearAttr()
            .putAttr(DTYPE, dtype)
            .putAttr("value", AttrValue.newBuilder().setTensor(constant).build());
      }
    }
    if (!left.isEmpty()) {
      throw new MetaGraphException(
          "expected placeholders %s in the graph, found none".formatted(left.keySet()));
    }
    return fixed.build();
  }

  /** A scalar. */
  private static TensorProto constant(String name, DataType type, String value)
      throws MetaGraphException {
    var constant =
        TensorProto.newBuilder()
            .setDtype(type)
            .setTensorShape(TensorShapeProto.getDefaultInstance());
    try {
      switch (type) {
        case DT_FLOAT -> constant.addFloatVal(Float.parseFloat(value));
        case DT_DOUBLE -> constant.addDoubleVal(Double.parseDouble(value));
        case DT_INT32 -> constant.addIntVal(Integer.parseInt(value));
        case DT_INT64 -> constant.addInt64Val(Long.parseLong(value));
        case DT_BOOL -> constant.addBoolVal(truth(value));
        default -> throw new IllegalArgumentException("no scalar of that type can be given");
      }
    } catch (IllegalArgumentException e) {
      throw new MetaGraphException(
          "expected a value of %s for the placeholder %s, found %s".formatted(type, name, value));
    }
    return constant.build();
  }

  private static boolean truth(String value) {
    return switch (value) {
      case "true", "True", "1" -> true;
      case "false", "False", "0" -> false;
      default -> throw new IllegalArgumentException(value);
    };
  }
}

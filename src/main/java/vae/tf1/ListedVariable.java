package vae.tf1;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.tensorflow.op.core.Variable;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorShapeProto;
import org.tensorflow.proto.VariableDef;

/**
 * A variable of a collection as Python's TF1 lists it.
 *
 * @param op the name of the variable's op
 * @param shape the size of each dimension
 * @param dtype as NumPy names it, with {@code _ref} where the op gives out a reference
 * @param valueTensor what to fetch for the variable's value ({@code snapshot_name})
 */
public record ListedVariable(String op, List<Long> shape, String dtype, String valueTensor) {

  /** Keeps a copy of the shape. */
  public ListedVariable {
    shape = List.copyOf(shape);
  }

  /**
   * The variables of a collection, in its order.
   *
   * @throws IOException if the collection is damaged, or names a variable that the graph lacks
   */
  public static List<ListedVariable> of(MetaGraphDef metaGraph, String collection)
      throws IOException {
    Map<String, NodeDef> nodes =
        metaGraph.getGraphDef().getNodeList().stream()
            .collect(Collectors.toMap(NodeDef::getName, Function.identity(), (a, b) -> a));
    List<ListedVariable> listed = new ArrayList<>();
    for (VariableDef variable : GraphCollections.variables(metaGraph, collection)) {
      String op = TensorName.parse(variable.getVariableName()).op();
      NodeDef node = nodes.get(op);
      if (node == null) {
        throw new IOException(
            "expected the variable %s of collection %s in the graph, found none"
                .formatted(op, collection));
      }
      String snapshot = variable.getSnapshotName();
      listed.add(of(node, snapshot.isEmpty() ? variable.getVariableName() : snapshot));
    }
    return listed;
  }

  private static ListedVariable of(NodeDef node, String valueTensor) {
    String reference = node.getOp().equals(Variable.OP_NAME) ? "_ref" : "";
    TensorShapeProto shape = attribute(node, "shape").getShape();
    return new ListedVariable(
        node.getName(),
        shape.getDimList().stream().map(TensorShapeProto.Dim::getSize).toList(),
        numpyName(attribute(node, "dtype").getType()) + reference,
        valueTensor);
  }

  private static AttrValue attribute(NodeDef node, String name) {
    return node.getAttrOrDefault(name, AttrValue.getDefaultInstance());
  }

  /** A type as NumPy names it. */
  public static String numpyName(DataType type) {
    return switch (type) {
      case DT_FLOAT -> "float32";
      case DT_DOUBLE -> "float64";
      case DT_HALF -> "float16";
      default -> type.name().replaceFirst("^DT_", "").toLowerCase(Locale.ROOT);
    };
  }

  /** The shape as Python prints a tuple: {@code (784, 512)}, {@code (512,)}, {@code ()}. */
  public static String tuple(List<Long> shape) {
    String sizes = shape.stream().map(String::valueOf).collect(Collectors.joining(", "));
    return shape.size() == 1 ? "(" + sizes + ",)" : "(" + sizes + ")";
  }

  /** Python's {@code print(variable)}. */
  @Override
  public String toString() {
    return "<tf.Variable '%s' shape=%s dtype=%s>"
        .formatted(Tf1Names.tensor(op), tuple(shape), dtype);
  }
}

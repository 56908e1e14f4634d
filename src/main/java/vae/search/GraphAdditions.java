package vae.search;

import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;
import vae.metagraph.GraphCut;
import vae.metagraph.KnownShapes;
import vae.metagraph.NodeGraph;
import vae.tf1.TensorName;

/**
 * Ops that are added to a stranger's graph. Those of its own that are needed are left as they are;
 * others lose their names to what is added.
 */
final class GraphAdditions {
  private static final String TYPE = "T";

  private final GraphDef source;
  private final Map<String, NodeDef> nodes = new LinkedHashMap<>();
  private final Set<String> taken;
  private final Set<String> names = new HashSet<>();

  /** To a graph, of which the ops that are needed keep their names. */
  GraphAdditions(GraphDef source, Set<String> needed) {
    this.source = source;
    this.taken = new HashSet<>(needed);
    source.getNodeList().forEach(node -> nodes.put(node.getName(), node));
  }

  /** The graph as it is now. */
  GraphDef graph() {
    return source.toBuilder().clearNode().addAllNode(nodes.values()).build();
  }

  /** The names of all that was added. */
  Set<String> names() {
    return names;
  }

  /** Adds a placeholder of any number of rows. */
  TensorName placeholder(String wish, DataType type, long... row) {
    return add(GraphCut.placeholder(unused(wish), type, shapeOf(anyRows(row))).toBuilder());
  }

  /** Adds an op of one type with one output. */
  TensorName op(String wish, String op, DataType type, TensorName... inputs) {
    return add(withInputs(node(wish, op).putAttr(TYPE, type(type)), inputs));
  }

  /** Adds an op that makes any number of rows of a shape of a tensor, and a constant for that. */
  TensorName reshape(String wish, DataType type, TensorName tensor, String shapeWish, long... row) {
    TensorName shape = integers(shapeWish, anyRows(row));
    return add(
        withInputs(node(wish, "Reshape").putAttr(TYPE, type(type)), tensor, shape)
            .putAttr("Tshape", type(DataType.DT_INT32)));
  }

  /** Adds a constant of one fraction. */
  TensorName number(String wish, DataType type, double value) {
    var number = TensorProto.newBuilder().setDtype(type).setTensorShape(shapeOf());
    return constant(
        wish,
        type == DataType.DT_DOUBLE
            ? number.addDoubleVal(value)
            : number.addFloatVal((float) value));
  }

  private TensorName integers(String wish, long... values) {
    return integers(wish, shapeOf(values.length), values);
  }

  private TensorName integers(String wish, TensorShapeProto shape, long... values) {
    var integers = TensorProto.newBuilder().setDtype(DataType.DT_INT32).setTensorShape(shape);
    Arrays.stream(values).forEach(value -> integers.addIntVal(Math.toIntExact(value)));
    return constant(wish, integers);
  }

  private TensorName constant(String wish, TensorProto.Builder value) {
    return add(
        node(wish, "Const")
            .putAttr("dtype", type(value.getDtype()))
            .putAttr("value", AttrValue.newBuilder().setTensor(value).build()));
  }

  /** Adds the number of a tensor's rows, as a vector of one. */
  TensorName rows(String wish, DataType type, TensorName tensor) {
    TensorName shape =
        add(
            withInputs(node(wish + "_shape", "Shape").putAttr(TYPE, type(type)), tensor)
                .putAttr("out_type", type(DataType.DT_INT32)));
    return add(
        withInputs(
                node(wish, "Slice").putAttr(TYPE, type(DataType.DT_INT32)),
                shape,
                integers(wish + "_first", 0),
                integers(wish + "_one", 1))
            .putAttr("Index", type(DataType.DT_INT32)));
  }

  /** Adds a shape: of so many rows, and sizes that are known. */
  TensorName shape(String wish, TensorName rows, long... row) {
    return add(
        withInputs(
                node(wish, "ConcatV2").putAttr(TYPE, type(DataType.DT_INT32)),
                rows,
                integers(wish + "_row", row),
                integers(wish + "_axis", shapeOf(), 0))
            .putAttr("N", AttrValue.newBuilder().setI(2).build())
            .putAttr("Tidx", type(DataType.DT_INT32)));
  }

  /** Puts an op of one type in the place of another, under its name. */
  void replace(String name, String op, DataType type, TensorName... inputs) {
    put(name, withInputs(NodeDef.newBuilder().setOp(op).putAttr(TYPE, type(type)), inputs));
  }

  /** Puts draws from N(0, 1) in the place of an op. */
  void replaceByNoise(String name, DataType type, TensorName shape) {
    put(
        name,
        withInputs(NodeDef.newBuilder().setOp("RandomStandardNormal"), shape)
            .putAttr("dtype", type(type))
            .putAttr(TYPE, type(DataType.DT_INT32)));
  }

  /** Notes the shape of a tensor of which none was known: any number of rows. */
  void note(TensorName tensor, long... row) {
    NodeDef.Builder node = Objects.requireNonNull(nodes.get(tensor.op())).toBuilder();
    var shapes = AttrValue.ListValue.newBuilder();
    for (int output = 0; output < tensor.output(); output++) {
      shapes.addShape(KnownShapes.noted(node.build(), output));
    }
    shapes.addShape(shapeOf(anyRows(row)));
    node.putAttr(KnownShapes.NOTED, AttrValue.newBuilder().setList(shapes).build());
    nodes.put(tensor.op(), node.build());
  }

  private void put(String name, NodeDef.Builder node) {
    nodes.put(name, node.setName(name).build());
  }

  /**
   * Adds a second copy of some nodes, up to one tensor, that reads other tensors in the place of
   * some.
   *
   * @param wish what the copy of {@code to} is called
   * @return the copy of {@code to}
   */
  TensorName copy(
      Set<String> ops, Map<TensorName, TensorName> instead, TensorName to, String wish) {
    String scope = unused("decoder");
    String end = unused(wish);
    UnaryOperator<String> copied =
        op -> !ops.contains(op) ? op : op.equals(to.op()) ? end : scope + "/" + op;
    for (String op : ops) {
      NodeDef node = nodes.get(op);
      if (node == null) {
        continue;
      }
      NodeDef.Builder copy = node.toBuilder().setName(copied.apply(op)).clearInput();
      // Checks and updates that the old one waits for have no meaning for the copy.
      for (String text : node.getInputList()) {
        if (!NodeGraph.isControl(text)) {
          TensorName input = TensorName.parse(text);
          TensorName moved = new TensorName(copied.apply(input.op()), input.output());
          copy.addInput(instead.getOrDefault(input, moved).toString());
        } else if (ops.contains(text.substring(1))) {
          copy.addInput("^" + copied.apply(text.substring(1)));
        }
      }
      add(copy.removeAttr("_class"));
    }
    return new TensorName(end, to.output());
  }

  private NodeDef.Builder node(String wish, String type) {
    return NodeDef.newBuilder().setName(unused(wish)).setOp(type);
  }

  private static NodeDef.Builder withInputs(NodeDef.Builder node, TensorName... inputs) {
    Arrays.stream(inputs).forEach(input -> node.addInput(input.toString()));
    return node;
  }

  private TensorName add(NodeDef.Builder node) {
    taken.add(node.getName());
    names.add(node.getName());
    nodes.put(node.getName(), node.build());
    return new TensorName(node.getName(), 0);
  }

  private static long[] anyRows(long... row) {
    return LongStream.concat(LongStream.of(-1), LongStream.of(row)).toArray();
  }

  private static TensorShapeProto shapeOf(long... dims) {
    var shape = TensorShapeProto.newBuilder();
    Arrays.stream(dims).forEach(size -> shape.addDimBuilder().setSize(size));
    return shape.build();
  }

  private static AttrValue type(DataType type) {
    return AttrValue.newBuilder().setType(type).build();
  }

  private String unused(String wish) {
    return GraphCut.unused(taken, wish);
  }
}

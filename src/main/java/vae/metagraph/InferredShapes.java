package vae.metagraph;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;
import vae.runtime.TensorFlowFailure;
import vae.tf1.TensorName;

/** The shapes of a graph's tensors as TensorFlow infers them, which has to load it for that. */
public final class InferredShapes {
  private static final String PREDICT = "tensorflow/serving/predict";

  private InferredShapes() {}

  /**
   * Notes them in a graph whose writer did not: a frozen one, or one of TensorFlow before 0.8. A
   * graph that TensorFlow can't load stays as it is.
   */
  public static GraphDef noted(GraphDef definition) {
    if (definition.getNodeList().stream().anyMatch(node -> node.containsAttr(KnownShapes.NOTED))) {
      return definition;
    }
    GraphDef known = known(definition);
    try (Graph graph = new Graph()) {
      GraphGuard.check(known, AllowedOps.STANDARD, Set.of());
      GraphCut.requireNoInit(known);
      load(graph, known);
      GraphDef.Builder noted = definition.toBuilder();
      for (NodeDef.Builder node : noted.getNodeBuilderList()) {
        GraphOperation op = graph.operation(node.getName());
        if (op != null) {
          var shapes = AttrValue.ListValue.newBuilder();
          for (int i = 0; i < op.numOutputs(); i++) {
            shapes.addShape(shape(op.output(i)));
          }
          node.putAttr(KnownShapes.NOTED, AttrValue.newBuilder().setList(shapes).build());
        }
      }
      return noted.build();
    } catch (MetaGraphException e) {
      return definition;
    }
  }

  /** The part of ops that are allowed and need no others; devices may not be here. */
  private static GraphDef known(GraphDef definition) {
    Set<String> others = new HashSet<>();
    for (NodeDef node : definition.getNodeList()) {
      if (!AllowedOps.STANDARD.allows(node.getOp())) {
        others.add(node.getName());
      }
    }
    Set<String> unknown = new NodeGraph(definition).descendants(others);
    GraphDef.Builder known = definition.toBuilder().clearNode();
    for (NodeDef node : definition.getNodeList()) {
      if (!unknown.contains(node.getName())) {
        known.addNode(node.toBuilder().clearDevice().removeAttr("_class"));
      }
    }
    return known.build();
  }

  /**
   * The signatures of functions.
   *
   * @param moved what stands in the graph for tensors that requests name
   * @return by key
   * @throws MetaGraphException if TensorFlow can't load the graph, or a tensor is none of its op's
   */
  static Map<String, SignatureDef> signatures(
      GraphDef definition, List<FunctionRequest> requests, Map<TensorName, TensorName> moved)
      throws MetaGraphException {
    Map<String, SignatureDef> signatures = new LinkedHashMap<>();
    try (Graph graph = new Graph()) {
      load(graph, definition);
      for (FunctionRequest request : requests) {
        signatures.put(
            request.signature(),
            SignatureDef.newBuilder()
                .setMethodName(PREDICT)
                .putAllInputs(infos(graph, request.inputs(), moved))
                .putAllOutputs(infos(graph, request.outputs(), moved))
                .build());
      }
    }
    return signatures;
  }

  private static Map<String, TensorInfo> infos(
      Graph graph, Map<String, String> tensors, Map<TensorName, TensorName> moved)
      throws MetaGraphException {
    Map<String, TensorInfo> infos = new LinkedHashMap<>();
    for (Map.Entry<String, String> tensor : tensors.entrySet()) {
      TensorName named = TensorName.parse(tensor.getValue());
      infos.put(tensor.getKey(), info(graph, moved.getOrDefault(named, named)));
    }
    return infos;
  }

  private static TensorInfo info(Graph graph, TensorName tensor) throws MetaGraphException {
    GraphOperation op = graph.operationOrThrow(tensor.op());
    if (tensor.output() >= op.numOutputs()) {
      throw new MetaGraphException(
          "expected a tensor %s, found that its op has %d outputs"
              .formatted(tensor, op.numOutputs()));
    }
    Output<?> output = op.output(tensor.output());
    // A variable's tensor is of a reference to its type.
    String type = output.dataType().name().replace("_REF", "");
    return TensorInfo.newBuilder()
        .setName(tensor.toString())
        .setDtype(DataType.valueOf(type))
        .setTensorShape(shape(output))
        .build();
  }

  private static void load(Graph graph, GraphDef definition) throws MetaGraphException {
    try {
      graph.importGraphDef(definition);
    } catch (RuntimeException e) {
      if (!TensorFlowFailure.is(e)) {
        throw e;
      }
      throw new MetaGraphException(
          "TensorFlow can't load what the functions need: " + e.getMessage());
    }
  }

  private static TensorShapeProto shape(Output<?> output) {
    Shape shape = output.shape();
    var dims = TensorShapeProto.newBuilder().setUnknownRank(shape.isUnknown());
    for (int i = 0; i < shape.numDimensions(); i++) {
      dims.addDimBuilder().setSize(shape.get(i));
    }
    return dims.build();
  }
}

package vae.metagraph;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;
import vae.runtime.TensorFlowFailure;
import vae.tf1.TensorName;

/** Signatures of functions whose tensors' shapes TensorFlow infers. */
final class InferredSignatures {
  private static final String PREDICT = "tensorflow/serving/predict";

  private InferredSignatures() {}

  /**
   * Infers them by loading a graph.
   *
   * @param now what stands in the graph for a tensor that a request names
   * @return by key
   * @throws MetaGraphException if TensorFlow can't load it, or a tensor is none of its op's
   */
  static Map<String, SignatureDef> of(
      GraphDef definition, List<FunctionRequest> requests, Function<TensorName, TensorName> now)
      throws MetaGraphException {
    var nodes = new NodeGraph(definition);
    Map<String, SignatureDef> signatures = new LinkedHashMap<>();
    try (Graph graph = new Graph()) {
      load(graph, definition);
      for (FunctionRequest request : requests) {
        var signature = SignatureDef.newBuilder().setMethodName(PREDICT);
        for (Map.Entry<String, String> input : request.inputs().entrySet()) {
          signature.putInputs(
              input.getKey(), info(graph, nodes, now.apply(TensorName.parse(input.getValue()))));
        }
        for (Map.Entry<String, String> output : request.outputs().entrySet()) {
          signature.putOutputs(
              output.getKey(), info(graph, nodes, now.apply(TensorName.parse(output.getValue()))));
        }
        signatures.put(request.signature(), signature.build());
      }
    }
    return signatures;
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

  private static TensorInfo info(Graph graph, NodeGraph nodes, TensorName tensor)
      throws MetaGraphException {
    GraphOperation op = graph.operationOrThrow(tensor.op());
    if (tensor.output() >= op.numOutputs()) {
      throw new MetaGraphException(
          "expected a tensor %s, found that its op has %d outputs"
              .formatted(tensor, op.numOutputs()));
    }
    Shape shape = op.output(tensor.output()).shape();
    var dims = TensorShapeProto.newBuilder().setUnknownRank(shape.isUnknown());
    for (int i = 0; i < shape.numDimensions(); i++) {
      dims.addDim(TensorShapeProto.Dim.newBuilder().setSize(shape.get(i)));
    }
    DataType type =
        OutputTypes.of(nodes, tensor)
            .orElseThrow(() -> new MetaGraphException("expected a known type of " + tensor));
    return TensorInfo.newBuilder()
        .setName(tensor.toString())
        .setDtype(plain(type))
        .setTensorShape(dims)
        .build();
  }

  /** A variable's tensor is of a reference to its type. */
  private static DataType plain(DataType type) {
    return type.name().endsWith("_REF") ? DataType.valueOf(type.name().replace("_REF", "")) : type;
  }
}

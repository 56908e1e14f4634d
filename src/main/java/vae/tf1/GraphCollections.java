package vae.tf1;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.op.core.Assign;
import org.tensorflow.proto.CollectionDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.VariableDef;

/**
 * TF1's graph collections, which TensorFlow-Java neither writes nor reads: {@code
 * tf.add_to_collection} and {@code tf.get_collection}.
 */
public final class GraphCollections {
  private GraphCollections() {}

  /** A collection of tensors ({@code op:0}) or ops ({@code op}). */
  public static CollectionDef ofNodes(String... names) {
    return CollectionDef.newBuilder()
        .setNodeList(CollectionDef.NodeList.newBuilder().addAllValue(List.of(names)))
        .build();
  }

  /**
   * A collection of variables, in the order given.
   *
   * @param names of VariableV2 ops, each with an initialiser in the graph
   * @param trainable the names of those that training changes by their gradients
   */
  public static CollectionDef ofVariables(
      Graph graph, List<String> names, Collection<String> trainable) {
    return ofProtos(
        names.stream().map(name -> variableDef(graph, name, trainable.contains(name))).toList());
  }

  /** A collection of variables, or of queue runners, in the order given. */
  public static CollectionDef ofProtos(List<? extends MessageLite> protos) {
    var bytes = CollectionDef.BytesList.newBuilder();
    protos.forEach(proto -> bytes.addValue(proto.toByteString()));
    return CollectionDef.newBuilder().setBytesList(bytes).build();
  }

  /** The keys of a meta graph's collections, sorted ({@code graph.get_all_collection_keys()}). */
  public static List<String> keys(MetaGraphDef metaGraph) {
    return List.copyOf(new TreeSet<>(metaGraph.getCollectionDefMap().keySet()));
  }

  /**
   * The variables of a collection in its order; none if the meta graph has no such collection.
   *
   * @throws InvalidProtocolBufferException if an entry is not a VariableDef
   */
  public static List<VariableDef> variables(MetaGraphDef metaGraph, String key)
      throws InvalidProtocolBufferException {
    List<VariableDef> variables = new ArrayList<>();
    for (var bytes :
        metaGraph
            .getCollectionDefOrDefault(key, CollectionDef.getDefaultInstance())
            .getBytesList()
            .getValueList()) {
      variables.add(VariableDef.parseFrom(bytes));
    }
    return variables;
  }

  /** The tensors or ops of a collection, in its order; none if there is no such collection. */
  public static List<String> nodes(MetaGraphDef metaGraph, String key) {
    return metaGraph
        .getCollectionDefOrDefault(key, CollectionDef.getDefaultInstance())
        .getNodeList()
        .getValueList();
  }

  private static VariableDef variableDef(Graph graph, String name, boolean trainable) {
    GraphOperation initializer = initializer(graph, graph.operationOrThrow(name));
    return VariableDef.newBuilder()
        .setVariableName(Tf1Names.tensor(name))
        .setInitializerName(initializer.name())
        .setInitialValueName(Tf1Names.tensor(initializer.input(1).op().name()))
        .setSnapshotName(Tf1Names.tensor(name))
        .setTrainable(trainable)
        .build();
  }

  /** The one op that gives a variable its first value. */
  private static GraphOperation initializer(Graph graph, GraphOperation variable) {
    return variable.consumers().stream()
        .filter(op -> op.type().equals(Assign.OP_NAME) && graph.isInitializer(op))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(variable.name() + " has no initialiser"));
  }
}

package vae.metagraph;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.proto.CollectionDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.VariableDef;
import vae.tf1.GraphCollections;
import vae.tf1.TensorName;
import vae.tf1.Tf1Names;

/** TF1's collections of variables in a stranger's meta graph. */
public final class VariableLists {
  private VariableLists() {}

  /** The variables of a collection, in its order; a damaged one is refused. */
  public static List<VariableDef> of(MetaGraphDef metaGraph, String collection)
      throws MetaGraphException {
    try {
      return GraphCollections.variables(metaGraph, collection);
    } catch (InvalidProtocolBufferException e) {
      throw new MetaGraphException(
          "expected VariableDefs in the collection '%s', found %s"
              .formatted(collection, e.getMessage()));
    }
  }

  /** Those that are restored: others hold nothing. */
  static List<VariableDef> of(MetaGraphDef metaGraph, String collection, Set<String> restored)
      throws MetaGraphException {
    return of(metaGraph, collection).stream()
        .filter(variable -> restored.contains(op(variable)))
        .toList();
  }

  /** Both collections of those that are restored. */
  static Map<String, CollectionDef> collections(MetaGraphDef metaGraph, Set<String> restored)
      throws MetaGraphException {
    Map<String, CollectionDef> collections = new LinkedHashMap<>();
    for (String key : List.of(Tf1Names.TRAINABLE_VARIABLES, Tf1Names.GLOBAL_VARIABLES)) {
      collections.put(key, GraphCollections.ofProtos(of(metaGraph, key, restored)));
    }
    return collections;
  }

  /** The ops of a collection's variables, in its order. */
  public static List<String> ops(MetaGraphDef metaGraph, String collection)
      throws MetaGraphException {
    return of(metaGraph, collection).stream().map(VariableLists::op).toList();
  }

  private static String op(VariableDef variable) {
    return TensorName.parse(variable.getVariableName()).op();
  }
}

package vae.metagraph;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.tensorflow.proto.AssetFileDef;
import org.tensorflow.proto.CollectionDef;
import org.tensorflow.proto.MetaGraphDef;
import vae.tf1.TensorName;

/**
 * The files that a SavedModel brings in its folder {@code assets}, such as the words of a table.
 * Its graph holds a constant for each one's path, which is fed when the init op runs.
 */
final class ModelAssets {
  /** Where TF1 notes them; later versions have a field. */
  private static final String COLLECTION = "saved_model_assets";

  private static final Pattern PLAIN_NAME = Pattern.compile("[^./\\\\\\x00][^/\\\\\\x00]*");

  private ModelAssets() {}

  /** The files' names, by tensor; all must be in the model's own folder. */
  static Map<String, String> of(MetaGraphDef metaGraph) throws MetaGraphException {
    List<AssetFileDef> files = new ArrayList<>(metaGraph.getAssetFileDefList());
    CollectionDef collection =
        metaGraph.getCollectionDefOrDefault(COLLECTION, CollectionDef.getDefaultInstance());
    for (Any any : collection.getAnyList().getValueList()) {
      try {
        files.add(any.unpack(AssetFileDef.class));
      } catch (InvalidProtocolBufferException e) {
        throw new MetaGraphException(
            "expected AssetFileDefs in the collection '%s', found %s"
                .formatted(COLLECTION, e.getMessage()));
      }
    }
    Map<String, String> assets = new TreeMap<>();
    for (AssetFileDef file : files) {
      String name = file.getFilename();
      if (!PLAIN_NAME.matcher(name).matches()) {
        throw new MetaGraphException(
            "expected assets in the model's own folder, found one named '%s'".formatted(name));
      }
      assets.put(TensorName.parse(file.getTensorInfo().getName()).toString(), name);
    }
    return assets;
  }
}

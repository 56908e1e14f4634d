package vae.metagraph;

import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorShapeProto;

/**
 * Placeholders of before TF 1.3, whose empty shape means that it is not known; what Python knew of
 * it stands beside, in {@code _output_shapes}.
 */
final class OldPlaceholder {
  private static final String SHAPE = "shape";

  /** Where Python notes the shapes of an op's outputs. */
  static final String NOTED = "_output_shapes";

  private OldPlaceholder() {}

  /** Whether somebody noted what was known of a node's shapes. */
  static boolean notes(NodeDef node) {
    return node.containsAttr(NOTED);
  }

  /** The node, with the shape that was known. */
  static NodeDef.Builder withShape(NodeDef node) {
    NodeDef.Builder builder = node.toBuilder();
    TensorShapeProto known = outputShape(node, 0);
    TensorShapeProto told = node.getAttrOrDefault(SHAPE, AttrValue.getDefaultInstance()).getShape();
    if (node.getOp().equals("Placeholder") && told.getDimCount() == 0 && known.getDimCount() > 0) {
      builder.putAttr(SHAPE, AttrValue.newBuilder().setShape(known).build());
    }
    return builder;
  }

  /** The shape that Python noted of an output; an unknown one if it noted none. */
  static TensorShapeProto outputShape(NodeDef node, int output) {
    var shapes =
        node.getAttrOrDefault(NOTED, AttrValue.getDefaultInstance()).getList().getShapeList();
    return output < shapes.size()
        ? shapes.get(output)
        : TensorShapeProto.newBuilder().setUnknownRank(true).build();
  }
}

package vae.metagraph;

import java.util.HashSet;
import java.util.Set;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorShapeProto;
import vae.runtime.TensorFlowFailure;
import vae.tf1.TensorName;

/**
 * Notes the shapes of tensors in a graph whose writer did not, as TensorFlow infers them. Frozen
 * graphs are such, and those of TensorFlow before 0.8.
 */
final class InferredShapes {
  /** A node stands behind those that it reads, where Python wrote the file: mostly one. */
  private static final int MOST_ROUNDS = 100;

  private InferredShapes() {}

  /** The graph with shapes; as it is where it has some, or TensorFlow can't load it. */
  static GraphDef noted(GraphDef definition) {
    boolean hasSome = definition.getNodeList().stream().anyMatch(OldPlaceholder::notes);
    if (hasSome) {
      return definition;
    }
    GraphDef known = known(definition);
    try (Graph graph = new Graph()) {
      GraphGuard.check(known, AllowedOps.STANDARD, Set.of());
      GraphCut.requireNoInit(names(known));
      graph.importGraphDef(known);
      GraphDef.Builder noted = definition.toBuilder();
      for (NodeDef.Builder node : noted.getNodeBuilderList()) {
        GraphOperation op = graph.operation(node.getName());
        if (op != null) {
          node.putAttr(OldPlaceholder.NOTED, AttrValue.newBuilder().setList(shapes(op)).build());
        }
      }
      return noted.build();
    } catch (MetaGraphException e) {
      return definition;
    } catch (RuntimeException e) {
      if (!TensorFlowFailure.is(e)) {
        throw e;
      }
      return definition;
    }
  }

  /** The part of ops that are allowed and need no others; devices may not be here. */
  private static GraphDef known(GraphDef definition) {
    Set<String> unknown = new HashSet<>();
    boolean goesOn = true;
    for (int round = 0; goesOn && round < MOST_ROUNDS; round++) {
      goesOn = false;
      for (NodeDef node : definition.getNodeList()) {
        boolean isUnknown =
            !AllowedOps.STANDARD.allows(node.getOp())
                || node.getInputList().stream().anyMatch(input -> unknown.contains(op(input)));
        if (isUnknown && unknown.add(node.getName())) {
          goesOn = true;
        }
      }
    }
    GraphDef.Builder known = definition.toBuilder().clearNode();
    for (NodeDef node : definition.getNodeList()) {
      if (!unknown.contains(node.getName())) {
        known.addNode(node.toBuilder().clearDevice().removeAttr("_class"));
      }
    }
    return known.build();
  }

  private static String op(String input) {
    return NodeGraph.isControl(input) ? input.substring(1) : TensorName.parse(input).op();
  }

  private static Set<String> names(GraphDef graph) {
    Set<String> names = new HashSet<>();
    graph.getNodeList().forEach(node -> names.add(node.getName()));
    return names;
  }

  private static AttrValue.ListValue.Builder shapes(GraphOperation op) {
    var shapes = AttrValue.ListValue.newBuilder();
    for (int i = 0; i < op.numOutputs(); i++) {
      Shape shape = op.output(i).shape();
      var dims = TensorShapeProto.newBuilder().setUnknownRank(shape.isUnknown());
      for (int k = 0; k < shape.numDimensions(); k++) {
        dims.addDimBuilder().setSize(shape.get(k));
      }
      shapes.addShape(dims);
    }
    return shapes;
  }
}

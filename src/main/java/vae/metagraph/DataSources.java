package vae.metagraph;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.tensorflow.proto.NodeDef;
import vae.tf1.TensorName;
import vae.tf1.Tf1Names;

/** Where data comes into a graph: placeholders, and what queues and iterators give out. */
final class DataSources {
  private static final Pattern DEQUEUED = Pattern.compile("QueueDequeue.*|Iterator.*Next");
  private static final int MOST_OUTPUTS = 1000;

  /** A saver of TF1's is fed its path. */
  private static final Pattern SAVERS_PATH =
      Pattern.compile("(.*/)?" + Tf1Names.SAVER_SCOPE + "(_\\d+)?/(filename|Const)");

  private DataSources() {}

  /** Whether ops of a type are fed by callers. */
  static boolean isPlaceholder(String type) {
    return type.equals("Placeholder") || type.equals("PlaceholderV2") || hasDefault(type);
  }

  /** Whether ops of a type may be fed by callers, and need not be. */
  static boolean hasDefault(String type) {
    return type.equals("PlaceholderWithDefault");
  }

  /** Whether data comes in by ops of a type. */
  static boolean isSource(String type) {
    return isPlaceholder(type) || DEQUEUED.matcher(type).matches();
  }

  /** All of them, placeholders first, each in the file's order. */
  static List<TensorName> of(NodeGraph graph) {
    List<String> queues = new ArrayList<>();
    List<String> fills = new ArrayList<>();
    List<TensorName> sources = new ArrayList<>();
    for (NodeDef node : graph.nodes()) {
      if (isPlaceholder(node.getOp())) {
        if (!SAVERS_PATH.matcher(node.getName()).matches()) {
          sources.add(new TensorName(node.getName(), 0));
        }
      } else if (DEQUEUED.matcher(node.getOp()).matches()) {
        queues.add(node.getName());
      } else if (node.getOp().matches("QueueEnqueue.*")) {
        fills.add(node.getName());
      }
    }
    // What goes into another queue is that one's.
    Set<String> within = graph.ancestors(fills, op -> false);
    for (String queue : queues) {
      for (int output = 0; !within.contains(queue) && output < MOST_OUTPUTS; output++) {
        var tensor = new TensorName(queue, output);
        if (isKnown(graph, tensor)) {
          sources.add(tensor);
        } else {
          break;
        }
      }
    }
    return List.copyOf(new LinkedHashSet<>(sources));
  }

  private static boolean isKnown(NodeGraph graph, TensorName tensor) {
    try {
      return OutputTypes.of(graph, tensor).isPresent();
    } catch (MetaGraphException e) {
      return false;
    }
  }
}

package vae.metagraph;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.tensorflow.proto.NodeDef;
import vae.tf1.TensorName;
import vae.tf1.Tf1Names;

/** Where data comes into a graph: placeholders, and what queues and iterators give out. */
public final class DataSources {
  private static final Pattern DEQUEUED = Pattern.compile("QueueDequeue.*|Iterator.*Next");
  private static final int MOST_OUTPUTS = 1000;

  /** A saver of TF1's is fed its path. */
  private static final Pattern SAVERS_PATH =
      Pattern.compile("(.*/)?" + Tf1Names.SAVER_SCOPE + "(_\\d+)?/(filename|Const)");

  private DataSources() {}

  /** Whether ops of a type are fed by callers. */
  public static boolean isPlaceholder(String type) {
    return type.equals("Placeholder") || type.equals("PlaceholderV2") || hasDefault(type);
  }

  /** Whether ops of a type may be fed by callers, and need not be. */
  public static boolean hasDefault(String type) {
    return type.equals("PlaceholderWithDefault");
  }

  /** Whether data comes in by ops of a type. */
  public static boolean isSource(String type) {
    return isPlaceholder(type) || DEQUEUED.matcher(type).matches();
  }

  /** All of them, placeholders first, each in the file's order. */
  public static List<TensorName> of(NodeGraph graph) {
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
    queues.removeAll(graph.ancestors(fills));
    for (String queue : queues) {
      IntStream.range(0, MOST_OUTPUTS)
          .mapToObj(output -> new TensorName(queue, output))
          .takeWhile(tensor -> graph.dataType(tensor).isPresent())
          .forEach(sources::add);
    }
    return sources.stream().distinct().toList();
  }
}

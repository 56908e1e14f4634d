package vae.search;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.tensorflow.proto.NodeDef;
import vae.metagraph.NodeGraph;
import vae.tf1.TensorName;

/**
 * What of a meta graph a model does without.
 *
 * @param inputPipeline the ops that brought the images, as {@code name (type)}
 * @param others how many more there were: training, summaries, the old saver
 */
public record DroppedOps(List<String> inputPipeline, int others) {
  private static final Pattern INPUT =
      Pattern.compile(
          ".*(Queue|Reader|Dataset|Iterator).*|ReadFile|Decode(Png|Jpeg|Gif|Bmp|Image|Raw|CSV).*"
              + "|Parse.*Example.*");

  static DroppedOps of(NodeGraph graph, TensorName image, Set<String> kept) {
    List<String> seeds = new ArrayList<>();
    seeds.add(image.op());
    for (NodeDef node : graph.nodes()) {
      if (INPUT.matcher(node.getOp()).matches()) {
        seeds.add(node.getName());
      }
    }
    Set<String> dropped = new LinkedHashSet<>();
    graph.nodes().forEach(node -> dropped.add(node.getName()));
    dropped.removeAll(kept);
    Set<String> pipeline = graph.ancestors(seeds, kept);
    List<String> listed =
        dropped.stream()
            .filter(pipeline::contains)
            .map(name -> "%s (%s)".formatted(name, graph.type(name)))
            .toList();
    return new DroppedOps(listed, dropped.size() - listed.size());
  }
}

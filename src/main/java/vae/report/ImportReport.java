package vae.report;

import java.util.Formatter;
import java.util.List;
import vae.metagraph.FunctionGraph;
import vae.search.DenseLayer;
import vae.search.GenerativeGraph;
import vae.tf1.Tf1Names;

/**
 * What was made of a TF1 model, in the tutorial's words where it has any.
 *
 * @param graph what was found in the meta graph
 * @param latentSize the dimensions of z
 */
public record ImportReport(GenerativeGraph graph, int latentSize) {

  /** What was found and settled, each in a line. */
  public String found() {
    var text = new Formatter();
    text.format("found %s%n", graph.model().kind());
    graph.model().image().ifPresent(image -> text.format("images at %s%n", image));
    graph.added().scale().ifPresent(scale -> text.format("z_std is log σ², from %s%n", scale));
    if (graph.model().isLogits()) {
      text.format("%s holds logits: their sigmoid is the image%n", graph.model().decoder().image());
    }
    graph.settled().forEach((name, value) -> text.format("%s is %s%n", name, value));
    if (graph.lacking().isPresent()) {
      text.format(
          "the checkpoint lacks %s, so that nothing can be encoded%n", graph.lacking().get());
    }
    return text.toString();
  }

  /** The lines by which the tutorial rebuilds the decoder, with this model's numbers. */
  public String decoder() {
    var text = new Formatter();
    text.format("%ndecoder: %d ops", graph.added().decoderOps());
    text.format(
        " from z = %s to recon = %s",
        graph.model().decoder().code(), graph.model().decoder().image());
    text.format(", rebuilt from %s to %s%n", graph.added().noiseInput(), graph.added().generated());
    List<DenseLayer> layers = graph.layers();
    if (layers.isEmpty()) {
      return text.toString();
    }
    text.format("noise_input=tf.placeholder(tf.float32,shape=[None,%d])%n", latentSize);
    String input = Tf1Names.NOISE_INPUT;
    for (DenseLayer layer : layers) {
      text.format("decoder=tf.matmul(%s,a[%d])+a[%d]%n", input, layer.weight(), layer.bias());
      if (!layer.pythonActivation().isEmpty()) {
        text.format("decoder=tf.nn.%s(decoder)%n", layer.pythonActivation());
      }
      input = "decoder";
    }
    List<String> activations = layers.stream().map(DenseLayer::pythonActivation).toList();
    if (activations.equals(List.of("tanh", "sigmoid"))) {
      DenseLayer hidden = layers.get(0);
      DenseLayer out = layers.get(1);
      text.format("the tutorial's decoder: a[%d], a[%d]", hidden.weight(), hidden.bias());
      text.format(", a[%d], a[%d]%n", out.weight(), out.bias());
    }
    return text.toString();
  }

  /** What the model no longer has. */
  public String dropped() {
    List<String> pipeline = graph.dropped().inputPipeline();
    var text = new Formatter();
    text.format(
        "%ndropped: %d ops of the input pipeline, %d others (training, summaries, the old saver)%n",
        pipeline.size(), graph.dropped().others());
    pipeline.forEach(op -> text.format("  %s%n", op));
    return text.toString();
  }

  /** What functions that were imported by their tensors have, and what they no longer have. */
  public static String dropped(FunctionGraph functions) {
    return "%n%d variables, %d ops; %d other ops dropped%n"
        .formatted(
            functions.variables().size(), functions.graph().getNodeCount(), functions.dropped());
  }
}

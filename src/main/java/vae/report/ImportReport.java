package vae.report;

import java.util.List;
import vae.metagraph.DenseLayer;
import vae.metagraph.FunctionGraph;
import vae.metagraph.GenerativeGraph;
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
    var text = new StringBuilder("found %s%n".formatted(graph.kind()));
    graph.image().ifPresent(image -> text.append("images at %s%n".formatted(image)));
    graph.scale().ifPresent(scale -> text.append("z_std is log σ², from %s%n".formatted(scale)));
    if (graph.isLogits()) {
      text.append("%s holds logits: their sigmoid is the image%n".formatted(graph.recon()));
    }
    graph.settled().forEach((name, value) -> text.append("%s is %s%n".formatted(name, value)));
    graph
        .lacking()
        .ifPresent(
            variable ->
                text.append(
                    "the checkpoint lacks %s, so that nothing can be encoded%n"
                        .formatted(variable)));
    return text.toString();
  }

  /** The lines by which the tutorial rebuilds the decoder, with this model's numbers. */
  public String decoder() {
    var text = new StringBuilder();
    text.append(
        "%ndecoder: %d ops from z = %s to recon = %s, rebuilt from %s to %s%n"
            .formatted(
                graph.decoderOps(),
                graph.latent(),
                graph.recon(),
                graph.noiseInput(),
                graph.generated()));
    List<DenseLayer> layers = graph.layers();
    if (layers.isEmpty()) {
      return text.toString();
    }
    text.append("noise_input=tf.placeholder(tf.float32,shape=[None,%d])%n".formatted(latentSize));
    String input = Tf1Names.NOISE_INPUT;
    for (DenseLayer layer : layers) {
      text.append(
          "decoder=tf.matmul(%s,a[%d])+a[%d]%n".formatted(input, layer.weight(), layer.bias()));
      if (!layer.pythonActivation().isEmpty()) {
        text.append("decoder=tf.nn.%s(decoder)%n".formatted(layer.pythonActivation()));
      }
      input = "decoder";
    }
    List<String> activations = layers.stream().map(DenseLayer::pythonActivation).toList();
    if (activations.equals(List.of("tanh", "sigmoid"))) {
      DenseLayer hidden = layers.get(0);
      DenseLayer out = layers.get(1);
      text.append(
          "the tutorial's decoder: a[%d], a[%d], a[%d], a[%d]%n"
              .formatted(hidden.weight(), hidden.bias(), out.weight(), out.bias()));
    }
    return text.toString();
  }

  /** What the model no longer has. */
  public String dropped() {
    List<String> pipeline = graph.dropped().inputPipeline();
    var text = new StringBuilder();
    text.append(
        "%ndropped: %d ops of the input pipeline, %d others (training, summaries, the old saver)%n"
            .formatted(pipeline.size(), graph.dropped().others()));
    pipeline.forEach(op -> text.append("  ").append(op).append(System.lineSeparator()));
    return text.toString();
  }

  /** What functions that were imported by their tensors have, and what they no longer have. */
  public static String dropped(FunctionGraph functions) {
    return "%n%d variables, %d ops; %d other ops dropped%n"
        .formatted(
            functions.variables().size(),
            functions.graph().getNodeCount(),
            functions.dropped());
  }
}

package vae.cli;

import java.util.Map;
import java.util.Objects;
import picocli.CommandLine.Option;
import vae.metagraph.FunctionRequest;

/** The options that name a function in a graph of tensors. */
final class FunctionOptions {
  @Option(
      names = "--signature",
      paramLabel = "NAME",
      required = true,
      description =
          "Import a function under this name, such as serving_default, instead of a VAE:"
              + " the part of the graph from its --input to its --output. May be repeated, each"
              + " with its own tensors.")
  private String signature;

  @Option(
      names = "--input",
      paramLabel = "KEY=TENSOR",
      description = "A name for callers and the tensor that is fed, x=images:0. May be repeated.")
  private Map<String, String> inputs; // Null where none is given: what is set here all would share.

  @Option(
      names = "--output",
      paramLabel = "KEY=TENSOR",
      required = true,
      description =
          "A name for callers and the tensor that is fetched, y=probs:0. May be repeated.")
  private Map<String, String> outputs;

  FunctionRequest request() {
    return new FunctionRequest(signature, Objects.requireNonNullElse(inputs, Map.of()), outputs);
  }
}

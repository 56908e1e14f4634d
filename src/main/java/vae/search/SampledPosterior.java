package vae.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import vae.metagraph.DataSources;
import vae.metagraph.NodeGraph;
import vae.tf1.TensorName;

/**
 * The Gaussian that a sampler draws from, read from {@code z = mean + σ · noise}. Models write σ in
 * many ways; its log-variance is {@code factor · source}, or the logarithm of a variance.
 *
 * @param mean its mean, a row an image
 * @param source what σ is made of
 * @param kind what the source is
 * @param factor of a source that is a logarithm: what makes it the log-variance
 */
public record SampledPosterior(TensorName mean, TensorName source, Kind kind, float factor) {
  /** What σ is made of. */
  public enum Kind {
    /** A multiple of log σ. */
    LOGARITHM("log σ times a number"),
    /** σ². */
    VARIANCE("σ²"),
    /** σ, or −σ: noise has no sign. */
    SCALE("σ");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /** Reads the ops that make z; empty if they are of another kind. */
  static Optional<SampledPosterior> of(NodeGraph graph, TensorName latent, Set<String> noise) {
    TensorName sum = graph.through(latent, ImageTraces.SHAPING);
    if (!isAny(graph, sum, "Add", "AddV2")) {
      return Optional.empty();
    }
    Set<String> noisy = graph.carriers(graph.valueAncestors(sum.op()), noise);
    Optional<Operands> terms = Operands.of(graph, sum, noisy);
    if (terms.isEmpty()) {
      return Optional.empty();
    }
    TensorName product = graph.through(terms.get().noisy(), ImageTraces.SHAPING);
    Optional<Operands> factors =
        graph.type(product).equals("Mul") ? Operands.of(graph, product, noisy) : Optional.empty();
    return factors
        .filter(found -> isStandard(graph, found.noisy(), noise))
        .map(found -> withScale(graph, terms.get().clean(), found.clean()));
  }

  private static SampledPosterior withScale(NodeGraph graph, TensorName mean, TensorName scale) {
    TensorName sigma = graph.through(scale, ImageTraces.SHAPING);
    List<TensorName> inputs = graph.inputs(sigma);
    if (graph.type(sigma).equals("Exp")) {
      return ofExponent(graph, mean, inputs.get(0));
    }
    if (graph.type(sigma).equals("Sqrt")) {
      TensorName variance = graph.through(inputs.get(0), ImageTraces.SHAPING);
      return graph.type(variance).equals("Exp")
          ? new SampledPosterior(mean, graph.input(variance, 0), Kind.LOGARITHM, 1)
          : new SampledPosterior(mean, inputs.get(0), Kind.VARIANCE, 1);
    }
    return new SampledPosterior(mean, scale, Kind.SCALE, 1);
  }

  /** σ = exp(u), so the log-variance is 2u; the tutorial's u is z_std / 2. */
  private static SampledPosterior ofExponent(
      NodeGraph graph, TensorName mean, TensorName exponent) {
    TensorName u = graph.through(exponent, ImageTraces.SHAPING);
    List<TensorName> inputs = graph.inputs(u);
    if (isAny(graph, u, "Div", "RealDiv") && isNumber(graph, inputs.get(1))) {
      return new SampledPosterior(
          mean, inputs.get(0), Kind.LOGARITHM, 2 / graph.constant(inputs.get(1)).scalar());
    }
    if (graph.type(u).equals("Mul")) {
      for (int i = 0; i < 2; i++) {
        if (isNumber(graph, inputs.get(i))) {
          return new SampledPosterior(
              mean, inputs.get(1 - i), Kind.LOGARITHM, 2 * graph.constant(inputs.get(i)).scalar());
        }
      }
    }
    return new SampledPosterior(mean, exponent, Kind.LOGARITHM, 2);
  }

  /** Whether noise is used as it was drawn, or fed; TF1 draws {@code drawn · 1 + 0}. */
  private static boolean isStandard(NodeGraph graph, TensorName drawn, Set<String> noise) {
    TensorName at = graph.through(drawn, ImageTraces.SHAPING);
    while (isAny(graph, at, "Add", "AddV2", "Mul")) {
      float neutral = graph.type(at).equals("Mul") ? 1 : 0;
      if (graph.constant(graph.input(at, 1)).scalar() != neutral) {
        return false;
      }
      at = graph.through(graph.input(at, 0), ImageTraces.SHAPING);
    }
    if (DataSources.hasDefault(graph.type(at)) && !graph.inputs(at).isEmpty()) {
      return isStandard(graph, graph.input(at, 0), noise);
    }
    return noise.contains(at.op()) && !graph.type(at).contains("Parameterized");
  }

  private static boolean isNumber(NodeGraph graph, TensorName tensor) {
    return Float.isFinite(graph.constant(tensor).scalar());
  }

  private static boolean isAny(NodeGraph graph, TensorName tensor, String... types) {
    return List.of(types).contains(graph.type(tensor));
  }

  /** The two operands of an op of which noise flows into one alone. */
  private record Operands(TensorName clean, TensorName noisy) {
    static Optional<Operands> of(NodeGraph graph, TensorName op, Set<String> noisy) {
      List<TensorName> clean = new ArrayList<>(graph.inputs(op));
      List<TensorName> touched = new ArrayList<>(clean);
      clean.removeIf(input -> noisy.contains(input.op()));
      touched.removeAll(clean);
      return clean.size() == 1 && touched.size() == 1
          ? Optional.of(new Operands(clean.get(0), touched.get(0)))
          : Optional.empty();
    }
  }
}

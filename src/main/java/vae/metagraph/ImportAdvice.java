package vae.metagraph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import vae.tf1.TensorName;

/**
 * How a graph could be brought over: as the VAE that is found in it, else as the function that
 * computes what is likeliest its output.
 *
 * @param options what {@code import-meta} is to be told beside the file, each an option or its
 *     value; nothing if there is nothing to be advised
 * @param vae the tensors of the VAE that would be brought over
 * @param refused why this would be refused, as far as the graph tells
 * @param variables the ops of those that are needed
 */
public record ImportAdvice(
    Optional<List<String>> options,
    Optional<VaeTensors> vae,
    Optional<String> refused,
    Set<String> variables) {
  private static final String FUNCTION = "serving_default";
  private static final int MOST_TRIED = 3;
  private static final int MOST_WEIGHED = 20;

  /** The search walks once through the model for each op that draws noise. */
  private static final int MOST_NOISE = 16;

  private static ImportAdvice none(String why) {
    return new ImportAdvice(Optional.empty(), Optional.empty(), Optional.of(why), Set.of());
  }

  /**
   * Looks for it.
   *
   * @param sources what data comes in by
   * @param outputs the likeliest first
   * @param absent variables that the checkpoint lacks: an output that needs none of them is taken
   * @param isFrozen whether there is no checkpoint, and so no VAE to be brought over
   */
  static ImportAdvice of(
      MetaGraphDef metaGraph,
      List<SurveyedTensor> sources,
      List<SurveyedTensor> outputs,
      Set<String> absent,
      boolean isFrozen) {
    Map<String, String> fixed = new LinkedHashMap<>();
    for (SurveyedTensor source : sources) {
      value(source).ifPresent(value -> fixed.put(source.name().op(), value));
    }
    try {
      GraphDef graph = FixedPlaceholders.in(metaGraph.getGraphDef(), fixed);
      MetaGraphDef whole = metaGraph.toBuilder().setGraphDef(graph).build();
      var nodes = new NodeGraph(graph);
      Optional<ImportAdvice> vae =
          isFrozen ? Optional.empty() : ofVae(whole, nodes, outputs, fixed);
      return vae.isPresent()
          ? vae.get()
          : ofFunction(whole, nodes, sources, outputs, absent, fixed);
    } catch (MetaGraphException e) {
      return none(String.valueOf(e.getMessage()));
    }
  }

  private static Optional<ImportAdvice> ofVae(
      MetaGraphDef metaGraph,
      NodeGraph graph,
      List<SurveyedTensor> outputs,
      Map<String, String> fixed) {
    List<Optional<String>> recons = new ArrayList<>(List.of(Optional.empty()));
    outputs.stream()
        .filter(output -> output.pixels() > 0)
        .limit(MOST_TRIED)
        .forEach(output -> recons.add(Optional.of(output.name().toString())));
    for (Optional<String> recon : recons) {
      try {
        var hints = new GraphHints(Optional.empty(), Optional.empty(), recon, Map.of());
        if (recon.isPresent() && noise(graph, recon.get()) > MOST_NOISE) {
          continue;
        }
        VaeTensors vae = VaeSearch.find(metaGraph, graph, hints);
        if (!isMatrix(graph, vae.image()) || !isMatrix(graph, vae.latents().get(0))) {
          continue;
        }
        List<String> options = new ArrayList<>();
        recon.ifPresent(name -> options.addAll(List.of("--recon-tensor", name)));
        Set<String> above = graph.ancestorsBehind(List.of(vae.recon().op()), Set.of(vae.image()));
        addFixed(options, fixed, above);
        var function =
            new FunctionRequest(
                FUNCTION, Map.of("x", vae.image().toString()), Map.of("y", vae.recon().toString()));
        return Optional.of(checked(metaGraph, function, options, Optional.of(vae)));
      } catch (MetaGraphException e) {
        // It is no VAE that import-meta finds.
      }
    }
    return Optional.empty();
  }

  private static ImportAdvice ofFunction(
      MetaGraphDef metaGraph,
      NodeGraph graph,
      List<SurveyedTensor> sources,
      List<SurveyedTensor> outputs,
      Set<String> absent,
      Map<String, String> fixed) {
    if (outputs.isEmpty()) {
      return none("found nothing that looks like an output");
    }
    Set<TensorName> cuts = new LinkedHashSet<>();
    sources.forEach(source -> cuts.add(source.name()));
    SurveyedTensor output =
        outputs.stream()
            .limit(MOST_WEIGHED)
            .filter(
                each ->
                    Collections.disjoint(
                        absent, graph.ancestorsBehind(List.of(each.name().op()), cuts)))
            .findFirst()
            .orElse(outputs.get(0));
    Set<String> above = graph.ancestorsBehind(List.of(output.name().op()), cuts);
    Set<TensorName> read = new LinkedHashSet<>();
    above.forEach(op -> read.addAll(graph.inputs(op)));
    Map<String, String> inputs = new LinkedHashMap<>();
    for (SurveyedTensor source : sources) {
      boolean isFed = read.contains(source.name()) && !source.op().equals("PlaceholderWithDefault");
      if (isFed && !fixed.containsKey(source.name().op())) {
        inputs.put(key(inputs.keySet(), source.name()), source.name().toString());
      }
    }
    String key = key(Set.of(), output.name());
    List<String> options = new ArrayList<>(List.of("--signature", FUNCTION));
    inputs.forEach((name, tensor) -> options.addAll(List.of("--input", name + "=" + tensor)));
    options.addAll(List.of("--output", key + "=" + output.name()));
    Set<String> needed = new LinkedHashSet<>();
    read.forEach(tensor -> needed.add(tensor.op()));
    addFixed(options, fixed, needed);
    var function = new FunctionRequest(FUNCTION, inputs, Map.of(key, output.name().toString()));
    return checked(metaGraph, function, options, Optional.empty());
  }

  private static ImportAdvice checked(
      MetaGraphDef metaGraph,
      FunctionRequest function,
      List<String> options,
      Optional<VaeTensors> vae) {
    try {
      FunctionGraph cut =
          FunctionGraph.unloaded(metaGraph, List.of(function), Map.of(), AllowedOps.STANDARD);
      Set<String> variables = new LinkedHashSet<>();
      cut.variables().forEach(variable -> variables.add(variable.op()));
      return new ImportAdvice(Optional.of(options), vae, Optional.empty(), variables);
    } catch (MetaGraphException e) {
      return new ImportAdvice(
          Optional.of(options), vae, Optional.of(String.valueOf(e.getMessage())), Set.of());
    }
  }

  private static void addFixed(
      List<String> options, Map<String, String> fixed, Set<String> needed) {
    fixed.forEach(
        (name, value) -> {
          if (needed.contains(name)) {
            options.addAll(List.of("--set", name + "=" + value));
          }
        });
  }

  private static long noise(NodeGraph graph, String recon) {
    return graph.ancestors(List.of(TensorName.parse(recon).op()), op -> false).stream()
        .filter(op -> VaeSearch.isNoise(graph.type(op)))
        .count();
  }

  private static boolean isMatrix(NodeGraph graph, TensorName tensor) {
    return new KnownShapes(graph).of(tensor).map(dims -> dims.size() == 2).orElse(true);
  }

  /** What a scalar has when a model is used, where its name tells. */
  private static Optional<String> value(SurveyedTensor source) {
    if (!source.op().matches("Placeholder(V2)?") || !source.shape().orElse(List.of()).isEmpty()) {
      return Optional.empty();
    }
    String name = last(source.name()).toLowerCase(Locale.ROOT);
    if (source.type().equals("bool")) {
      return name.contains("train") ? Optional.of("false") : Optional.empty();
    }
    if (!source.isFloat()) {
      return Optional.empty();
    }
    return name.contains("keep")
        ? Optional.of("1")
        : name.contains("drop") ? Optional.of("0") : Optional.empty();
  }

  private static String last(TensorName tensor) {
    return tensor.op().substring(tensor.op().lastIndexOf('/') + 1);
  }

  private static String key(Set<String> used, TensorName tensor) {
    String wish = last(tensor).replaceAll("[^A-Za-z0-9_]", "_");
    return GraphCut.unused(used, wish.isEmpty() ? "x" : wish);
  }

  /** Keeps copies. */
  public ImportAdvice {
    options = options.map(List::copyOf);
    variables = Collections.unmodifiableSet(new LinkedHashSet<>(variables));
  }
}

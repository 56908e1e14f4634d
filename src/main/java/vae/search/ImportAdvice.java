package vae.search;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import vae.metagraph.FixedPlaceholders;
import vae.metagraph.FunctionGraph;
import vae.metagraph.FunctionRequest;
import vae.metagraph.GraphHints;
import vae.metagraph.MetaGraphException;
import vae.metagraph.NodeGraph;
import vae.tf1.TensorName;
import vae.tf1.Tf1Names;

/**
 * How a graph could be brought over: as the generative model that is found in it, else as the
 * function that computes what is likeliest its output.
 *
 * @param options what {@code import-meta} is to be told beside the file, each an option or its
 *     value; nothing if there is nothing to be advised
 * @param model the generative model that would be brought over
 * @param refused why this would be refused, as far as the graph tells
 * @param variables the ops of those that are needed
 */
public record ImportAdvice(
    Optional<List<String>> options,
    Optional<GenerativeModel> model,
    Optional<String> refused,
    Set<String> variables) {
  private static final int MOST_WEIGHED = 20;

  static ImportAdvice none(String why) {
    return new ImportAdvice(Optional.empty(), Optional.empty(), Optional.of(why), Set.of());
  }

  /**
   * Looks for it.
   *
   * @param sources what data comes in by
   * @param outputs the likeliest first
   * @param absent variables that the checkpoint lacks: an output that needs none of them is taken
   * @throws MetaGraphException if the graph's scalars can't be given values
   */
  static ImportAdvice of(
      MetaGraphDef metaGraph,
      List<SurveyedTensor> sources,
      List<SurveyedTensor> outputs,
      Set<String> absent)
      throws MetaGraphException {
    Map<String, String> fixed = GenerativeGraph.settled(metaGraph.getGraphDef(), Map.of());
    Optional<ImportAdvice> model = ofModel(metaGraph, fixed, absent);
    if (model.isPresent()) {
      return model.get();
    }
    GraphDef graph = FixedPlaceholders.in(metaGraph.getGraphDef(), fixed);
    MetaGraphDef whole = metaGraph.toBuilder().setGraphDef(graph).build();
    return ofFunction(whole, new NodeGraph(graph), sources, outputs, absent, fixed);
  }

  private static Optional<ImportAdvice> ofModel(
      MetaGraphDef metaGraph, Map<String, String> fixed, Set<String> absent) {
    try {
      GraphDef graph = GenerativeGraph.inUse(metaGraph.getGraphDef(), fixed);
      var nodes = new NodeGraph(graph);
      List<GenerativeModel> readings =
          GenerativeSearch.find(metaGraph, nodes, GraphHints.NONE, absent);
      GenerativeModel model = readings.get(0);
      var added = GenerativeFunctions.of(graph, nodes, model);
      List<String> options =
          readings.size() == 1 ? List.of() : GenerativeGraph.options(model, GraphHints.NONE);
      MetaGraphDef whole = metaGraph.toBuilder().setGraphDef(added.graph()).build();
      return Optional.of(
          checked(whole, added.storedIn(absent).requests(), options, Optional.of(model)));
    } catch (MetaGraphException e) {
      return Optional.empty(); // It is no model that import-meta finds.
    }
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
        inputs.put(FunctionRequest.key(inputs.keySet(), source.name()), source.name().toString());
      }
    }
    String key = FunctionRequest.key(Set.of(), output.name());
    List<String> options = new ArrayList<>(List.of("--signature", Tf1Names.SERVING_DEFAULT));
    inputs.forEach((name, tensor) -> options.addAll(List.of("--input", name + "=" + tensor)));
    options.addAll(List.of("--output", key + "=" + output.name()));
    Set<String> needed = new LinkedHashSet<>();
    read.forEach(tensor -> needed.add(tensor.op()));
    fixed.forEach(
        (name, value) -> {
          if (needed.contains(name)) {
            options.addAll(List.of("--set", name + "=" + value));
          }
        });
    var function =
        new FunctionRequest(
            Tf1Names.SERVING_DEFAULT, inputs, Map.of(key, output.name().toString()));
    return checked(metaGraph, List.of(function), options, Optional.empty());
  }

  private static ImportAdvice checked(
      MetaGraphDef metaGraph,
      List<FunctionRequest> functions,
      List<String> options,
      Optional<GenerativeModel> model) {
    try {
      FunctionGraph cut = FunctionGraph.unloaded(metaGraph, functions);
      Set<String> variables = new LinkedHashSet<>();
      cut.variables().forEach(variable -> variables.add(variable.op()));
      return new ImportAdvice(Optional.of(options), model, Optional.empty(), variables);
    } catch (MetaGraphException e) {
      return new ImportAdvice(
          Optional.of(options), model, Optional.of(String.valueOf(e.getMessage())), Set.of());
    }
  }
}

package vae.search;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.tensorflow.proto.CollectionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import vae.metagraph.AllowedOps;
import vae.metagraph.DataSources;
import vae.metagraph.FixedPlaceholders;
import vae.metagraph.FunctionGraph;
import vae.metagraph.FunctionRequest;
import vae.metagraph.GraphGuard;
import vae.metagraph.GraphHints;
import vae.metagraph.InferredShapes;
import vae.metagraph.MetaGraphException;
import vae.metagraph.NodeGraph;
import vae.metagraph.RestoredVariable;
import vae.metagraph.SoundGraph;
import vae.metagraph.VariableLists;
import vae.tf1.GraphCollections;
import vae.tf1.TensorName;
import vae.tf1.Tf1Names;

/**
 * The part of a foreign meta graph that a generative model needs, with what it lacks. All variables
 * that its saver restores are kept, with their initialisers; its input pipeline, training ops and
 * saver are not.
 *
 * @param functions the part, and the functions that it offers
 * @param model which tensors of the old graph are the model's
 * @param added the functions, in the old graph with additions
 * @param layers the decoder, if it is made of dense layers alone
 * @param dropped what was left out
 * @param settled what scalars were given for good, and inputs that have a default
 * @param lacking a variable that the checkpoint lacks, so that nothing can be encoded
 */
public record GenerativeGraph(
    FunctionGraph functions,
    GenerativeModel model,
    GenerativeFunctions added,
    List<DenseLayer> layers,
    DroppedOps dropped,
    Map<String, String> settled,
    Optional<String> lacking) {

  /**
   * Takes a meta graph apart.
   *
   * @param hints what is known of it; the rest is searched for
   * @param stored the names in its checkpoint; nothing if it has none
   * @param allowed the ops that it may need
   * @throws MetaGraphException if it holds no generative model that can be recognised, needs other
   *     ops, or TensorFlow can't load what is needed
   */
  public static GenerativeGraph of(
      MetaGraphDef metaGraph, GraphHints hints, Optional<Set<String>> stored, AllowedOps allowed)
      throws MetaGraphException {
    SoundGraph.require(new NodeGraph(metaGraph.getGraphDef()));
    Map<String, String> settled = settled(metaGraph.getGraphDef(), hints.fixed());
    GraphDef graph = InferredShapes.noted(inUse(metaGraph.getGraphDef(), settled));
    var old = new NodeGraph(graph);
    List<RestoredVariable> saved = RestoredVariable.of(metaGraph, old);
    Set<String> absent = new LinkedHashSet<>();
    Set<String> kept = new LinkedHashSet<>();
    if (stored.isPresent()) {
      RestoredVariable.all(old, saved).stream()
          .filter(each -> !stored.get().contains(each.key()))
          .forEach(each -> absent.add(each.op()));
      saved.forEach(each -> kept.add(each.op()));
      kept.removeAll(absent);
    }
    GenerativeModel model = only(GenerativeSearch.find(metaGraph, old, hints, absent), hints);
    requireAllowed(graph, old, model, allowed);
    var added = GenerativeFunctions.of(graph, old, model);

    var nodes = new NodeGraph(added.graph());
    Optional<String> lacking =
        added.requests().stream()
            .flatMap(request -> GenerativeFunctions.missing(nodes, request, absent).stream())
            .findFirst();
    List<FunctionRequest> requests = added.storedIn(absent).requests();
    MetaGraphDef whole = metaGraph.toBuilder().setGraphDef(added.graph()).build();
    FunctionGraph functions = FunctionGraph.of(whole, requests, Map.of(), kept, allowed);
    if (requests.size() > 1) {
      functions = withRecon(functions, requests);
    }
    List<String> trainable =
        VariableLists.ops(metaGraph, Tf1Names.TRAINABLE_VARIABLES).stream()
            .filter(op -> !absent.contains(op))
            .toList();
    return new GenerativeGraph(
        functions,
        model,
        added,
        DenseLayer.between(old, model.decoder().code(), model.decoder().image(), trainable),
        DroppedOps.of(
            old,
            model.image().orElse(model.decoder().code()),
            kept(functions.graph(), added.added())),
        told(new NodeGraph(metaGraph.getGraphDef()), model, settled, hints.fixed()),
        lacking);
  }

  /** Before shapes are asked for: those of what is not known are not known either. */
  private static void requireAllowed(
      GraphDef graph, NodeGraph nodes, GenerativeModel model, AllowedOps allowed)
      throws MetaGraphException {
    List<String> ends = List.of(model.recon().op(), model.decoder().image().op());
    Set<TensorName> images = model.image().stream().collect(Collectors.toSet());
    GraphDef.Builder needed = graph.toBuilder().clearNode();
    for (String op : nodes.ancestorsBehind(ends, images)) {
      if (nodes.has(op)) {
        needed.addNode(nodes.node(op));
      }
    }
    GraphGuard.check(needed.build(), allowed, Set.of());
  }

  private static Set<String> kept(GraphDef graph, Set<String> added) {
    Set<String> kept = new HashSet<>();
    graph.getNodeList().forEach(node -> kept.add(node.getName()));
    kept.removeAll(added);
    return kept;
  }

  /** The graph as it is used: scalars have their values, conditions are decided. */
  static GraphDef inUse(GraphDef graph, Map<String, String> settled) throws MetaGraphException {
    return FixedBranches.decided(FixedPlaceholders.in(graph, settled));
  }

  /** The values of scalars: the user's, then those of switches. */
  static Map<String, String> settled(GraphDef graph, Map<String, String> fixed) {
    Map<String, String> settled = new LinkedHashMap<>();
    fixed.forEach((name, value) -> settled.put(TensorName.parse(name).op(), value));
    Switches.of(new NodeGraph(graph)).forEach(settled::putIfAbsent);
    return settled;
  }

  /** The only reading, or what keeps one from choosing. */
  static GenerativeModel only(List<GenerativeModel> readings, GraphHints hints)
      throws AmbiguousGraphException {
    if (readings.size() == 1) {
      return readings.get(0);
    }
    throw new AmbiguousGraphException(
        "expected one generative model, found %d that share no weights: they end in %s"
            .formatted(
                readings.size(), readings.stream().map(each -> each.recon().toString()).toList()),
        readings.stream().map(each -> options(each, hints)).toList());
  }

  /** What names a reading to {@code import-meta}. */
  static List<String> options(GenerativeModel reading, GraphHints hints) {
    List<String> options = new ArrayList<>();
    reading.image().ifPresent(image -> options.addAll(List.of("--image-tensor", image.toString())));
    options.addAll(
        List.of(
            "--latent-tensor",
            reading.code().toString(),
            "--recon-tensor",
            reading.recon().toString()));
    hints.fixed().forEach((name, value) -> options.addAll(List.of("--set", name + "=" + value)));
    return options;
  }

  private static FunctionGraph withRecon(FunctionGraph functions, List<FunctionRequest> requests) {
    Map<String, CollectionDef> collections = new LinkedHashMap<>(functions.collections());
    requests.get(0).outputs().values().stream()
        .findFirst()
        .ifPresent(
            recon -> collections.put(Tf1Names.RECON_COLLECTION, GraphCollections.ofNodes(recon)));
    return functions.with(collections);
  }

  /** What the user did not set: the values of switches that matter, and defaults. */
  private static Map<String, String> told(
      NodeGraph graph,
      GenerativeModel model,
      Map<String, String> settled,
      Map<String, String> set) {
    Set<String> above = graph.ancestors(List.of(model.recon().op()));
    above.addAll(graph.ancestors(List.of(model.decoder().image().op())));
    Map<String, String> told = new LinkedHashMap<>();
    settled.forEach(
        (name, value) -> {
          if (above.contains(name) && !set.containsKey(name)) {
            told.put(name, value);
          }
        });
    for (String op : above) {
      if (DataSources.hasDefault(graph.type(op))) {
        told.putIfAbsent(op, "its default");
      }
    }
    return told;
  }
}

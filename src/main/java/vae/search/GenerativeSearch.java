package vae.search;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import vae.metagraph.DataSources;
import vae.metagraph.GraphHints;
import vae.metagraph.MetaGraphException;
import vae.metagraph.NodeGraph;
import vae.metagraph.VariableLists;
import vae.search.GenerativeModel.Decoder;
import vae.search.GenerativeModel.Kind;
import vae.search.ImageComparisons.Comparison;
import vae.tf1.GraphCollections;
import vae.tf1.GraphVariable;
import vae.tf1.TensorName;
import vae.tf1.Tf1Names;

/**
 * Finds a generative model in a graph by its structure, since TF1's names say little. What it makes
 * is what a loss compares with images, or what is judged beside them; several decoders over the
 * same variables are one.
 */
final class GenerativeSearch {
  /** A graph may hold a copy of its generator for each picture that was drawn. */
  private static final int MOST_TRIED = 60;

  private static final int MOST_ENDS = 10;

  /** What tells that a tensor is a decoded image, the surest first. */
  private enum Evidence {
    NAMED,
    COMPARED,
    JUDGED,
    LAST
  }

  private record Candidate(Evidence evidence, GenerativeModel model, Set<String> weights) {}

  private final MetaGraphDef metaGraph;
  private final NodeGraph graph;
  private final GraphHints known;
  private final LatentSearch codes;
  private final ImageTraces traces;
  private final Set<TensorName> sources;
  private final Set<String> trainable;
  private final Set<String> absent;
  private final List<String> refusals = new ArrayList<>();

  private GenerativeSearch(
      MetaGraphDef metaGraph, NodeGraph graph, GraphHints known, Set<String> absent)
      throws MetaGraphException {
    this.absent = absent;
    this.metaGraph = metaGraph;
    this.graph = graph;
    this.known = known;
    this.sources = new LinkedHashSet<>(DataSources.of(graph));
    this.traces = new ImageTraces(graph, sources);
    this.codes = new LatentSearch(graph, List.copyOf(sources), known);
    this.trainable = Set.copyOf(VariableLists.ops(metaGraph, Tf1Names.TRAINABLE_VARIABLES));
  }

  /**
   * Searches.
   *
   * @param graph with its switches and branches decided
   * @param absent variables that the checkpoint lacks: a decoder that needs one is none
   * @return the readings that remain, the likeliest first; mostly one
   * @throws MetaGraphException if there is none; says what was looked for
   */
  static List<GenerativeModel> find(
      MetaGraphDef metaGraph, NodeGraph graph, GraphHints known, Set<String> absent)
      throws MetaGraphException {
    return new GenerativeSearch(metaGraph, graph, known, absent).find();
  }

  private List<GenerativeModel> find() throws MetaGraphException {
    List<Candidate> found = new ArrayList<>();
    Collection<Comparison> compared = ImageComparisons.in(graph, traces);
    Optional<TensorName> named = named();
    if (named.isPresent()) {
      TensorName recon = named.get();
      List<Comparison> own =
          compared.stream().filter(each -> each.predicted().equals(recon)).toList();
      boolean isLogits = own.stream().anyMatch(Comparison::isLogits);
      Optional<TensorName> image = own.stream().map(Comparison::image).findFirst();
      found.add(candidate(Evidence.NAMED, recon, isLogits, image));
    } else {
      Collection<Comparison> judged = new JudgedImages(graph, traces).find();
      addAll(found, Evidence.COMPARED, compared);
      found.removeIf(each -> isTranslator(each.model, judged));
      if (found.isEmpty()) {
        addAll(found, Evidence.JUDGED, judged);
      }
      if (found.isEmpty()) {
        addAll(found, Evidence.LAST, last());
      }
    }
    if (found.isEmpty()) {
      throw nothing();
    }
    return chosen(found).stream().map(this::inUse).toList();
  }

  /**
   * Whether a network makes images of one source like those of another: it is no autoencoder if it
   * is judged, or has no narrow place.
   */
  private boolean isTranslator(GenerativeModel model, Collection<Comparison> judged) {
    boolean isOfOthers = model.kind() == Kind.AUTOENCODER && !model.image().equals(model.like());
    return isOfOthers
        && (graph.rowSize(model.code()) >= graph.rowSize(model.recon())
            || judged.stream().anyMatch(each -> each.predicted().equals(model.recon())));
  }

  private MetaGraphException nothing() {
    return new MetaGraphException(
        refusals.isEmpty()
            ? "expected a generative model, found nothing that is decoded: no loss compares what the"
                + " graph makes with its images, and nothing is judged beside them; --recon-tensor"
                + " NAME names the tensor that the decoder ends in, --latent-tensor NAME the one"
                + " that it starts from"
            : "expected a generative model, found none: " + refusals.get(0));
  }

  /** What the user names, or the tutorial's collection. */
  private Optional<TensorName> named() throws MetaGraphException {
    if (known.recon().isPresent()) {
      return Optional.of(graph.tensor(known.recon().get(), "--recon-tensor"));
    }
    List<String> members =
        GraphCollections.nodes(metaGraph, Tf1Names.RECON_COLLECTION).stream().distinct().toList();
    return members.size() == 1
        ? Optional.of(
            graph.tensor(
                members.get(0), "the collection '%s'".formatted(Tf1Names.RECON_COLLECTION)))
        : Optional.empty();
  }

  private void addAll(List<Candidate> found, Evidence evidence, Collection<Comparison> seen) {
    int left = MOST_TRIED;
    for (Comparison each : seen) {
      if (left-- == 0) {
        return;
      }
      try {
        Candidate candidate =
            candidate(evidence, each.predicted(), each.isLogits(), Optional.of(each.image()));
        boolean isLearned = !candidate.weights.isEmpty();
        // A network that is compared with what it should give is mostly no generator.
        boolean isPredictor =
            evidence == Evidence.COMPARED && candidate.model.kind() == Kind.GENERATOR;
        Optional<String> lacking = candidate.weights.stream().filter(absent::contains).findFirst();
        if (lacking.isPresent()) {
          refusals.add(
              "the checkpoint lacks %s, by which %s is decoded"
                  .formatted(lacking.get(), each.predicted()));
        } else if (isLearned && !isPredictor) {
          found.add(candidate);
        }
      } catch (MetaGraphException e) {
        refusals.add(String.valueOf(e.getMessage()));
      }
    }
  }

  /** Of a graph without a loss: where it ends, if that is as large as its images. */
  private List<Comparison> last() {
    Set<String> ops = sources.stream().map(TensorName::op).collect(Collectors.toSet());
    return GraphEnds.of(graph, ops, Map.of()).stream()
        .limit(MOST_ENDS)
        .filter(end -> !graph.type(traces.unshaped(end)).equals("Softmax"))
        .flatMap(
            end ->
                sources.stream()
                    .filter(source -> isMadeOf(end, source))
                    .map(source -> new Comparison(source, end, false)))
        .toList();
  }

  private boolean isMadeOf(TensorName end, TensorName source) {
    long size = graph.rowSize(end);
    long given = graph.rowSize(source);
    boolean isImage = size > 1 && given == size;
    boolean isCode = GeneratorCode.isNamed(source) && given > 0 && given < size;
    return (isImage || isCode) && graph.valueAncestors(end.op()).contains(source.op());
  }

  private Candidate candidate(
      Evidence evidence, TensorName recon, boolean isLogits, Optional<TensorName> image)
      throws MetaGraphException {
    GenerativeModel model = codes.model(recon, isLogits, image, evidence == Evidence.JUDGED);
    return new Candidate(evidence, model, weights(model.code(), model.recon()));
  }

  /** The trainable variables that a decoder reads: by them its copies know each other. */
  private Set<String> weights(TensorName code, TensorName image) {
    Set<String> weights = new HashSet<>();
    for (String op : graph.ancestorsBehind(List.of(image.op()), Set.of(code))) {
      boolean isWeight =
          trainable.isEmpty()
              ? GraphVariable.isVariable(graph.type(op)) || graph.type(op).equals("Const")
              : trainable.contains(op);
      if (isWeight) {
        weights.add(op);
      }
    }
    return weights;
  }

  /** One of each decoder: a VAE's rather than an autoencoder's, and that as it is in use. */
  private List<GenerativeModel> chosen(List<Candidate> found) {
    Kind surest = found.stream().map(each -> each.model.kind()).min(Kind::compareTo).orElseThrow();
    Map<Set<String>, Candidate> byWeights = new LinkedHashMap<>();
    found.stream()
        .sorted(
            Comparator.comparing((Candidate each) -> each.evidence)
                .thenComparing(each -> each.model.kind())
                .thenComparing(each -> usesStatisticsOfBatch(each.model.decoder())))
        .filter(each -> each.model.kind() == surest)
        .forEach(each -> byWeights.putIfAbsent(each.weights, each));
    return byWeights.values().stream()
        .sorted(
            Comparator.comparing((Candidate each) -> -graph.rowSize(each.model.recon()))
                .thenComparing(each -> -each.weights.size()))
        .map(each -> each.model)
        .toList();
  }

  /** With a copy of its decoder that goes by moving averages, where the one found does not. */
  private GenerativeModel inUse(GenerativeModel model) {
    if (!usesStatisticsOfBatch(model.decoder())) {
      return model;
    }
    Set<String> weights = weights(model.code(), model.recon());
    String type = graph.type(model.recon());
    long size = graph.rowSize(model.recon());
    int left = MOST_TRIED;
    for (NodeDef node : graph.nodes()) {
      var image = new TensorName(node.getName(), 0);
      if (!node.getOp().equals(type)
          || graph.rowSize(image) != size
          || NodeGraph.isOfGradients(node.getName())
          || left-- <= 0) {
        continue;
      }
      try {
        Decoder copy = copy(image, model);
        if (weights(copy.code(), image).equals(weights) && !usesStatisticsOfBatch(copy)) {
          return model.decodingBy(copy);
        }
      } catch (MetaGraphException e) {
        // It is no copy.
      }
    }
    return model;
  }

  private Decoder copy(TensorName image, GenerativeModel model) throws MetaGraphException {
    try {
      return codes.model(image, model.isLogits(), model.like(), true).decoder();
    } catch (MetaGraphException e) { // It may decode what was drawn before: a constant.
      long size = graph.rowSize(model.code());
      return graph.valueAncestors(image.op()).stream()
          .map(op -> new TensorName(op, 0))
          .filter(code -> graph.type(code).equals("Const") && graph.rowSize(code) == size)
          .filter(code -> graph.isOfRank(code, 2))
          .map(code -> new Decoder(code, image))
          .findFirst()
          .orElseThrow(() -> e);
    }
  }

  /** Whether an image depends on the others of its batch, as in training. */
  private boolean usesStatisticsOfBatch(Decoder decoder) {
    return graph.between(decoder.code().op(), decoder.image().op()).stream()
        .anyMatch(
            op ->
                (graph.type(op).startsWith("FusedBatchNorm") && isTraining(op))
                    || (graph.type(op).equals("Mean") && isOverRows(op)));
  }

  private boolean isTraining(String op) {
    return !graph.attribute(op, "is_training").hasB() || graph.flag(op, "is_training");
  }

  private boolean isOverRows(String mean) {
    List<TensorName> inputs = graph.inputs(mean);
    return inputs.size() > 1
        && LongStream.of(graph.constant(inputs.get(1)).integers()).anyMatch(axis -> axis == 0);
  }
}

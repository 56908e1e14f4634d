package vae.metagraph;

import static vae.tf1.Tf1Names.RECON_COLLECTION;
import static vae.tf1.Tf1Names.X;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import vae.tf1.GraphCollections;
import vae.tf1.TensorName;

/**
 * Finds a VAE in a graph by its structure, since TF1's names say little: {@code recon} by its
 * collection, the images by the name X or as the one placeholder, and z as the first tensor through
 * which all goes that the images and the noise have to say to {@code recon}.
 */
final class VaeSearch {
  private final MetaGraphDef metaGraph;
  private final NodeGraph graph;
  private final GraphHints known;

  private VaeSearch(MetaGraphDef metaGraph, NodeGraph graph, GraphHints known) {
    this.metaGraph = metaGraph;
    this.graph = graph;
    this.known = known;
  }

  /**
   * Searches.
   *
   * @throws MetaGraphException if something is not found, or found twice; says what was looked for
   */
  static VaeTensors find(MetaGraphDef metaGraph, NodeGraph graph, GraphHints known)
      throws MetaGraphException {
    return new VaeSearch(metaGraph, graph, known).find();
  }

  /** Whether an op of this type draws Gaussian noise. */
  static boolean isNoise(String type) {
    return type.matches(
        "(Random|Stateless(Random)?|(Stateless)?(Parameterized)?Truncated)"
            + "(Standard)?Normal(V2)?");
  }

  private VaeTensors find() throws MetaGraphException {
    TensorName recon = recon();
    TensorName image = image(recon);
    Set<String> above = graph.valueAncestors(recon.op(), image.op()::equals);
    if (above.contains(image.op()) && recon.op().equals(image.op())) {
      throw new MetaGraphException("recon and the image are the same tensor, " + recon);
    }
    requireNothingElseFed(recon, image);
    above.add(image.op());
    Set<String> noise = withType(above, VaeSearch::isNoise);
    TensorName latent = latent(recon, image, above, noise);
    return new VaeTensors(image, latent, Posterior.of(graph, latent, noise), recon);
  }

  private TensorName recon() throws MetaGraphException {
    if (known.recon().isPresent()) {
      return existing(known.recon().get());
    }
    List<String> members =
        GraphCollections.nodes(metaGraph, RECON_COLLECTION).stream().distinct().toList();
    if (members.size() != 1) {
      throw new MetaGraphException(
          ("expected a collection '%s' with the one tensor that the decoder ends in, found %s"
                  + " and the collections %s; --recon-tensor NAME names it, --latent-tensor NAME"
                  + " the tensor that it starts from")
              .formatted(
                  RECON_COLLECTION,
                  members.isEmpty() ? "none" : members,
                  GraphCollections.keys(metaGraph)));
    }
    return existing(members.get(0));
  }

  private TensorName image(TensorName recon) throws MetaGraphException {
    if (known.image().isPresent()) {
      return existing(known.image().get());
    }
    Set<String> above = graph.ancestors(List.of(recon.op()), name -> false);
    if (above.contains(X)) {
      return new TensorName(X, 0);
    }
    Set<String> placeholders = withType(above, "Placeholder"::equals);
    if (placeholders.size() == 1) {
      return new TensorName(placeholders.iterator().next(), 0);
    }
    Set<TensorName> dequeued =
        outputsOf(above, type -> type.matches("QueueDequeue.*|Iterator.*Next"));
    if (placeholders.isEmpty() && dequeued.size() == 1) {
      return dequeued.iterator().next();
    }
    throw new MetaGraphException(
        ("expected the images of %s at an op %s, at the one placeholder or at the one queue's"
                + " output, found the placeholders %s and the outputs %s; --image-tensor NAME"
                + " names them")
            .formatted(recon, X, placeholders, dequeued));
  }

  private TensorName latent(
      TensorName recon, TensorName image, Set<String> above, Set<String> noise)
      throws MetaGraphException {
    if (known.latent().isPresent()) {
      TensorName latent = existing(known.latent().get());
      if (!above.contains(latent.op())) {
        throw new MetaGraphException(
            "expected --latent-tensor to lead to %s, found that %s does not"
                .formatted(recon, latent));
      }
      return latent;
    }
    if (noise.isEmpty()) {
      throw new MetaGraphException(
          ("expected a sampler between %s and %s, found no op that draws Gaussian noise (such as"
                  + " RandomStandardNormal); --latent-tensor NAME names the tensor that the decoder"
                  + " starts from")
              .formatted(image, recon));
    }
    Set<String> sources = new LinkedHashSet<>(noise);
    sources.add(image.op());
    Set<String> carriers = graph.carriers(above, sources);
    List<String> bottlenecks =
        carriers.stream()
            .filter(name -> !sources.contains(name) && !name.equals(recon.op()))
            .filter(name -> allPassThrough(name, recon, carriers, sources))
            .toList();
    return bottlenecks.stream()
        .filter(
            name -> {
              Set<String> before = graph.valueAncestors(name, image.op()::equals);
              return bottlenecks.stream()
                  .allMatch(other -> other.equals(name) || !before.contains(other));
            })
        .map(name -> new TensorName(name, 0))
        .findFirst()
        .orElseThrow(
            () ->
                new MetaGraphException(
                    ("expected one tensor z between %s with the noise of %s and %s, found that"
                            + " they reach it in several ways; --latent-tensor NAME names the"
                            + " tensor that the decoder starts from")
                        .formatted(image, noise, recon)));
  }

  private boolean allPassThrough(
      String gate, TensorName recon, Set<String> carriers, Set<String> sources) {
    Predicate<String> outside = name -> name.equals(gate) || !carriers.contains(name);
    return graph.valueAncestors(recon.op(), outside).stream().noneMatch(sources::contains);
  }

  /** A model that wants more than images can't be served as one that wants images. */
  private void requireNothingElseFed(TensorName recon, TensorName image) throws MetaGraphException {
    Set<String> fed =
        withType(graph.ancestors(List.of(recon.op()), image.op()::equals), "Placeholder"::equals);
    if (!fed.isEmpty()) {
      throw new MetaGraphException(
          ("expected %s to depend on the images %s alone, found that %s must be fed too;"
                  + " --set NAME=VALUE gives a scalar a value for good")
              .formatted(recon, image, fed));
    }
  }

  private TensorName existing(String text) throws MetaGraphException {
    TensorName name = TensorName.parse(text);
    graph.node(name.op());
    return name;
  }

  private Set<String> withType(Set<String> names, Predicate<String> type) {
    return names.stream()
        .filter(name -> type.test(graph.type(name)))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** The outputs of ops of some type that others of these nodes read. */
  private Set<TensorName> outputsOf(Set<String> names, Predicate<String> type) {
    return graph.nodes().stream()
        .map(NodeDef::getName)
        .filter(names::contains)
        .flatMap(name -> graph.inputs(name).stream())
        .filter(input -> type.test(graph.type(input.op())))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }
}

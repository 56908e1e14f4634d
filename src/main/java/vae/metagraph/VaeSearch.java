package vae.metagraph;

import static vae.tf1.Tf1Names.RECON_COLLECTION;
import static vae.tf1.Tf1Names.X;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
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
  private static final Pattern NOISE =
      Pattern.compile(
          "(Random|Stateless(Random)?|(Stateless)?(Parameterized)?Truncated)(Standard)?Normal(V2)?");

  private static final Pattern DEQUEUED = Pattern.compile("QueueDequeue.*|Iterator.*Next");

  private static final Set<String> RESHAPING =
      Set.of("Identity", "Reshape", "ExpandDims", "Squeeze");

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
    return NOISE.matcher(type).matches();
  }

  /** Whether ops of this type give out a batch of a queue's or an iterator's. */
  static boolean isDequeued(String type) {
    return DEQUEUED.matcher(type).matches();
  }

  private VaeTensors find() throws MetaGraphException {
    TensorName recon = recon();
    TensorName image = image(recon);
    if (recon.op().equals(image.op())) {
      throw new MetaGraphException("recon and the image are the same tensor, " + recon);
    }
    requireLeading("--image-tensor", image, recon, graph.valueAncestors(recon.op(), op -> false));
    Set<String> above = graph.valueAncestors(recon.op(), image.op()::equals);
    if (known.latent().isEmpty()) { // Else the decoder is what is wanted, whatever comes before.
      requireNothingElseFed(recon, image);
    }
    above.add(image.op());
    Set<String> noise = withType(above, VaeSearch::isNoise);
    noise.removeIf(op -> isOnImages(op, image, recon, above));
    return new VaeTensors(image, latents(recon, image, above, noise), noise, recon);
  }

  private TensorName recon() throws MetaGraphException {
    if (known.recon().isPresent()) {
      return existing("--recon-tensor", known.recon().get());
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
    return existing("the collection '%s'".formatted(RECON_COLLECTION), members.get(0));
  }

  private TensorName image(TensorName recon) throws MetaGraphException {
    if (known.image().isPresent()) {
      return existing("--image-tensor", known.image().get());
    }
    Set<String> above = graph.ancestors(List.of(recon.op()), name -> false);
    if (above.contains(X)) {
      return new TensorName(X, 0);
    }
    Set<String> placeholders = withType(above, "Placeholder"::equals);
    if (placeholders.size() == 1) {
      return new TensorName(placeholders.iterator().next(), 0);
    }
    Set<TensorName> dequeued = outputsOf(above, VaeSearch::isDequeued);
    if (placeholders.isEmpty() && dequeued.size() == 1) {
      return dequeued.iterator().next();
    }
    throw new MetaGraphException(
        ("expected the images of %s at an op %s, at the one placeholder or at the one queue's"
                + " output, found the placeholders %s and the outputs %s; --image-tensor NAME"
                + " names them")
            .formatted(recon, X, placeholders, dequeued));
  }

  private List<TensorName> latents(
      TensorName recon, TensorName image, Set<String> above, Set<String> noise)
      throws MetaGraphException {
    if (known.latent().isPresent()) {
      TensorName latent = existing("--latent-tensor", known.latent().get());
      requireLeading("--latent-tensor", latent, recon, above);
      return List.of(latent);
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
    List<String> gates = graph.gates(sources, recon.op(), above);
    if (gates.isEmpty()) {
      throw new MetaGraphException(
          ("expected one tensor z between %s with the noise of %s and %s, found that they reach it"
                  + " in several ways; --latent-tensor NAME names the tensor that the decoder starts"
                  + " from")
              .formatted(image, noise, recon));
    }
    // A sampler may end in ops that give z its shape [batch, latent], a decoder begin with some.
    List<TensorName> latents = new ArrayList<>();
    for (String gate : gates) {
      if (!latents.isEmpty() && !RESHAPING.contains(graph.type(gate))) {
        break;
      }
      latents.add(new TensorName(gate, 0));
    }
    return latents;
  }

  private static void requireLeading(
      String option, TensorName tensor, TensorName recon, Set<String> above)
      throws MetaGraphException {
    if (!above.contains(tensor.op())) {
      throw new MetaGraphException(
          "expected %s to lead to %s, found that %s does not".formatted(option, recon, tensor));
    }
  }

  /**
   * Whether noise goes on the images themselves, as in a denoising autoencoder: no sampler does.
   */
  private boolean isOnImages(String noise, TensorName image, TensorName recon, Set<String> above) {
    List<String> gates = graph.gates(Set.of(noise, image.op()), recon.op(), above);
    return !gates.isEmpty()
        && graph.inputs(gates.get(0)).stream()
            .anyMatch(input -> graph.through(input).op().equals(image.op()));
  }

  /** A model that wants more than images can't be served as one that wants images. */
  private void requireNothingElseFed(TensorName recon, TensorName image) throws MetaGraphException {
    Set<String> fed =
        withType(graph.ancestors(List.of(recon.op()), image.op()::equals), "Placeholder"::equals);
    if (!fed.isEmpty()) {
      throw new MetaGraphException(
          ("expected %s to depend on the images %s alone, found that %s must be fed too;"
                  + " --set NAME=VALUE gives a scalar a value for good, --latent-tensor NAME brings over"
                  + " the decoder whatever comes before it")
              .formatted(recon, image, fed));
    }
  }

  private TensorName existing(String what, String text) throws MetaGraphException {
    TensorName name = TensorName.parse(text);
    if (!graph.has(name.op())) {
      throw new MetaGraphException(
          "expected the tensor %s of %s in the graph, found no such op".formatted(text, what));
    }
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

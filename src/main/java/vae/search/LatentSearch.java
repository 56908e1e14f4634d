package vae.search;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import vae.metagraph.GraphHints;
import vae.metagraph.MetaGraphException;
import vae.metagraph.NodeGraph;
import vae.search.GenerativeModel.Kind;
import vae.tf1.TensorName;
import vae.tf1.Tf1Names;

/**
 * Finds what an image is decoded from: behind a sampler the first tensor through which all goes
 * that the images and the noise have to say to it, without one the narrowest such tensor, and
 * without images what the decoder is fed or draws.
 */
record LatentSearch(NodeGraph graph, List<TensorName> sources, GraphHints known) {
  private static final Pattern GAUSSIAN =
      Pattern.compile(
          "(Random|Stateless(Random)?|(Stateless)?(Parameterized)?Truncated)(Standard)?Normal(V2)?");

  /** Whether an op of this type draws Gaussian noise. */
  static boolean isGaussian(String type) {
    return GAUSSIAN.matcher(type).matches();
  }

  /**
   * Finds the model that a decoded image is of.
   *
   * @param compared the images beside which it is seen, if it is
   * @param isJudged whether it is judged beside them, and so need not be made of such
   * @throws MetaGraphException if there is none; says what was missing
   */
  GenerativeModel model(
      TensorName recon, boolean isLogits, Optional<TensorName> compared, boolean isJudged)
      throws MetaGraphException {
    Set<String> above = graph.valueAncestors(recon.op());
    Set<String> gaussian = withType(above, LatentSearch::isGaussian);
    Optional<TensorName> image = image(recon, above, compared, !gaussian.isEmpty(), isJudged);
    if (image.isEmpty()) {
      return new GenerativeModel(
          Kind.GENERATOR, image, compared, fed(recon, above), Set.of(), recon, isLogits);
    }
    Set<String> below = graph.valueAncestors(recon.op(), image.get().op());
    below.add(image.get().op());
    Set<String> noise = withType(below, LatentSearch::isGaussian);
    noise.addAll(fedNoise(image.get(), below));
    noise.removeIf(op -> isOnImages(op, image.get(), recon, below));
    Kind kind = noise.isEmpty() ? Kind.AUTOENCODER : Kind.VAE;
    TensorName code;
    if (known.latent().isPresent()) {
      code = latent(recon, above);
      boolean isOfImages = graph.carriers(below, Set.of(image.get().op())).contains(code.op());
      if (!isOfImages && known.image().isEmpty()) {
        return new GenerativeModel(
            Kind.GENERATOR, Optional.empty(), image, code, Set.of(), recon, isLogits);
      }
    } else {
      code =
          noise.isEmpty()
              ? narrowest(image.get(), recon, below)
              : sampled(image.get(), recon, below, noise);
    }
    return new GenerativeModel(kind, image, compared.or(() -> image), code, noise, recon, isLogits);
  }

  private TensorName fed(TensorName recon, Set<String> above) throws MetaGraphException {
    return known.latent().isPresent()
        ? latent(recon, above)
        : new GeneratorCode(graph).of(recon, above, leading(above));
  }

  private TensorName latent(TensorName recon, Set<String> above) throws MetaGraphException {
    TensorName latent = graph.tensor(known.latent().orElseThrow(), "--latent-tensor");
    requireLeading("--latent-tensor", latent, recon, above);
    return latent;
  }

  private Optional<TensorName> image(
      TensorName recon,
      Set<String> above,
      Optional<TensorName> compared,
      boolean isSampled,
      boolean isJudged)
      throws MetaGraphException {
    if (known.image().isPresent()) {
      TensorName image = graph.tensor(known.image().get(), "--image-tensor");
      if (recon.op().equals(image.op())) {
        throw new MetaGraphException("recon and the image are the same tensor, " + recon);
      }
      requireLeading("--image-tensor", image, recon, above);
      return Optional.of(image);
    }
    List<TensorName> leading = leading(above);
    if (compared.isPresent() && leading.contains(compared.get())) {
      return compared;
    }
    if (isJudged) {
      return Optional.empty();
    }
    long size = compared.map(graph::rowSize).orElse(graph.rowSize(recon));
    List<TensorName> alike =
        leading.stream().filter(source -> size > 0 && graph.rowSize(source) == size).toList();
    if (!alike.isEmpty()) {
      return Optional.of(named(alike));
    }
    List<TensorName> others =
        leading.stream().filter(source -> isSampled || graph.shape(source).isEmpty()).toList();
    return others.isEmpty() ? Optional.empty() : Optional.of(named(others));
  }

  /** Of several that could be images the one that the tutorial's name tells, else the first. */
  private static TensorName named(List<TensorName> images) {
    return images.stream()
        .filter(image -> image.op().equals(Tf1Names.X))
        .findFirst()
        .orElse(images.get(0));
  }

  /** The sources of fractions or bytes in rows that lead to a tensor. */
  private List<TensorName> leading(Set<String> above) {
    Set<TensorName> read =
        above.stream().flatMap(op -> graph.inputs(op).stream()).collect(Collectors.toSet());
    return sources.stream()
        .filter(source -> above.contains(source.op()) && read.contains(source))
        .filter(
            source -> graph.isOfType(source, "(%s|DT_UINT8)(_REF)?".formatted(NodeGraph.FRACTIONS)))
        .filter(source -> graph.shape(source).map(dims -> dims.size() >= 2).orElse(true))
        .toList();
  }

  /** A placeholder that stands where a sampler's noise does: something scales it, and adds. */
  private Set<String> fedNoise(TensorName image, Set<String> below) {
    Set<String> ofImages = graph.carriers(below, Set.of(image.op()));
    Set<String> fed = new LinkedHashSet<>();
    for (TensorName source : leading(below)) {
      boolean isScaled =
          graph.readers(source).stream()
              .filter(reader -> graph.type(reader).equals("Mul"))
              .filter(product -> countInputs(product, ofImages) > 0)
              .flatMap(product -> graph.readers(product).stream())
              .anyMatch(
                  sum -> graph.type(sum).startsWith("Add") && countInputs(sum, ofImages) == 2);
      if (!source.equals(image) && isScaled) {
        fed.add(source.op());
      }
    }
    return fed;
  }

  private long countInputs(String op, Set<String> among) {
    return graph.inputs(op).stream().filter(input -> among.contains(input.op())).count();
  }

  /**
   * Whether noise goes on the images themselves, as in a denoising autoencoder: no sampler does.
   */
  private boolean isOnImages(String noise, TensorName image, TensorName recon, Set<String> above) {
    List<String> gates = graph.dominators(Set.of(noise, image.op()), recon.op(), above);
    return !gates.isEmpty()
        && graph.inputs(gates.get(0)).stream()
            .anyMatch(input -> graph.through(input, ImageTraces.SHAPING).op().equals(image.op()));
  }

  private TensorName sampled(
      TensorName image, TensorName recon, Set<String> above, Set<String> noise)
      throws MetaGraphException {
    Set<String> starts = new LinkedHashSet<>(noise);
    starts.add(image.op());
    List<String> gates = graph.dominators(starts, recon.op(), above);
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
      if (!latents.isEmpty() && !ImageTraces.SHAPING.contains(graph.type(gate))) {
        break;
      }
      latents.add(new TensorName(gate, 0));
    }
    return latents.stream()
        .filter(latent -> graph.isOfRank(latent, 2))
        .findFirst()
        .orElse(latents.get(0));
  }

  private TensorName narrowest(TensorName image, TensorName recon, Set<String> above)
      throws MetaGraphException {
    return new Bottleneck(graph)
        .between(image, recon, graph.dominators(Set.of(image.op()), recon.op(), above))
        .orElseThrow(
            () ->
                new MetaGraphException(
                    ("expected between %s and %s a sampler, or a code, found no op that draws"
                            + " Gaussian noise (such as RandomStandardNormal) and no tensor between"
                            + " two layers through which all goes; --latent-tensor NAME names the"
                            + " tensor that the decoder starts from")
                        .formatted(image, recon)));
  }

  private static void requireLeading(
      String option, TensorName tensor, TensorName recon, Set<String> above)
      throws MetaGraphException {
    if (!above.contains(tensor.op())) {
      throw new MetaGraphException(
          "expected %s to lead to %s, found that %s does not".formatted(option, recon, tensor));
    }
  }

  private Set<String> withType(Set<String> names, Predicate<String> type) {
    return names.stream()
        .filter(name -> type.test(graph.type(name)))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }
}

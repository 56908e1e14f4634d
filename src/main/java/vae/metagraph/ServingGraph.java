package vae.metagraph;

import static vae.tf1.Tf1Names.GENERATE;
import static vae.tf1.Tf1Names.GLOBAL_VARIABLES;
import static vae.tf1.Tf1Names.NOISE_INPUT;
import static vae.tf1.Tf1Names.RECON_COLLECTION;
import static vae.tf1.Tf1Names.TRAINABLE_VARIABLES;
import static vae.tf1.Tf1Names.X;
import static vae.tf1.Tf1Names.Z_STD;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.tensorflow.proto.CollectionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.VariableDef;
import vae.tf1.GraphCollections;
import vae.tf1.GraphVariable;
import vae.tf1.TensorName;

/**
 * The part of a foreign meta graph that a model needs, with what it lacks: the decoder a second
 * time, from noise to images. All variables that its saver restores are kept, with their
 * initialisers; its input pipeline, training ops and saver are not.
 *
 * @param graph the ops
 * @param collections {@code trainable_variables}, {@code variables} and {@code recon}
 * @param variables what the saver restores
 * @param image where images come in, [batch, input]
 * @param latent z of the old graph, [batch, latent], which the copied decoder's noise replaces
 * @param zMean the posterior's mean, [batch, latent]; empty where the sampler is of another kind
 * @param zStd the logarithm of its variance
 * @param recon the images decoded from a draw of the posterior
 * @param noiseInput the placeholder of noise, [batch, latent]
 * @param generated the images decoded from it
 * @param decoderOps how many ops the decoder has
 * @param layers the decoder, if it is made of dense layers alone
 * @param dropped what was left out
 */
public record ServingGraph(
    GraphDef graph,
    Map<String, CollectionDef> collections,
    List<RestoredVariable> variables,
    TensorName image,
    TensorName latent,
    Optional<TensorName> zMean,
    Optional<TensorName> zStd,
    TensorName recon,
    TensorName noiseInput,
    TensorName generated,
    int decoderOps,
    List<DenseLayer> layers,
    DroppedOps dropped) {

  /**
   * Takes a meta graph apart.
   *
   * @param hints what is known of it; the rest is searched for
   * @param allowed the ops that it may need
   * @throws MetaGraphException if it holds no VAE that can be recognised, needs other ops, or
   *     TensorFlow can't load what is needed
   */
  public static ServingGraph of(MetaGraphDef metaGraph, GraphHints hints, AllowedOps allowed)
      throws MetaGraphException {
    GraphDef graph = FixedPlaceholders.in(metaGraph.getGraphDef(), hints.fixed());
    var old = new NodeGraph(graph);
    SoundGraph.require(old);
    VaeTensors vae = VaeSearch.find(metaGraph, old, hints);
    List<RestoredVariable> variables = RestoredVariable.of(metaGraph, old);
    Set<String> restored =
        variables.stream()
            .map(RestoredVariable::op)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    List<VariableDef> trainable = VariableLists.of(metaGraph, TRAINABLE_VARIABLES, restored);
    List<VariableDef> global = VariableLists.of(metaGraph, GLOBAL_VARIABLES, restored);
    requireRestored(old, vae, restored);

    Set<String> roots = new LinkedHashSet<>(restored);
    roots.add(vae.recon().op());
    for (VariableDef variable : global) {
      GraphCut.initialOps(variable).filter(old::has).forEach(roots::add);
    }
    var cut = new GraphCut(graph, old);
    TensorName image = cut.keep(roots, vae.image(), X);
    GraphCut.requireNoInit(cut.names());
    GraphGuard.check(cut.graph(), allowed, Set.of());
    VaeShapes shapes = VaeShapes.of(cut.graph(), image, vae);
    cut.resize(image, shapes.input());
    DroppedOps dropped = DroppedOps.of(old, vae.image(), cut.names());
    TensorName z = shapes.z();
    Optional<Posterior> posterior = posterior(old, cut.graph(), z, vae.noise(), shapes.latent());
    Optional<TensorName> zStd = posterior.map(found -> logVariance(cut, found));

    Set<String> decoder = old.between(z.op(), vae.recon().op());
    TensorName noiseInput = cut.addPlaceholder(NOISE_INPUT, shapes.latent());
    TensorName generated = cut.copy(decoder, z, noiseInput, vae.recon(), GENERATE);
    requireNoImage(cut.graph(), generated, image, z, vae.recon());

    return new ServingGraph(
        cut.graph(),
        Map.of(
            TRAINABLE_VARIABLES,
            GraphCollections.ofVariables(trainable),
            GLOBAL_VARIABLES,
            GraphCollections.ofVariables(global),
            RECON_COLLECTION,
            GraphCollections.ofNodes(vae.recon().toString())),
        variables,
        image,
        z,
        posterior.map(Posterior::mean),
        zStd,
        vae.recon(),
        noiseInput,
        generated,
        decoder.size(),
        DenseLayer.between(old, z, vae.recon(), ops(trainable)),
        dropped);
  }

  private static void requireRestored(NodeGraph old, VaeTensors vae, Set<String> restored)
      throws MetaGraphException {
    List<String> missing =
        old.ancestors(List.of(vae.recon().op()), vae.image().op()::equals).stream()
            .filter(op -> GraphVariable.isVariable(old.type(op)) && !restored.contains(op))
            .toList();
    if (!missing.isEmpty()) {
      throw new MetaGraphException(
          "expected the saver to restore all variables that %s needs, found that it leaves out %s"
              .formatted(vae.recon(), missing));
    }
  }

  private static void requireNoImage(
      GraphDef graph, TensorName generated, TensorName image, TensorName z, TensorName recon)
      throws MetaGraphException {
    Set<String> needed = new NodeGraph(graph).ancestors(List.of(generated.op()), op -> false);
    if (needed.contains(image.op())) {
      throw new MetaGraphException(
          ("expected %s to depend on the images through z = %s alone, found other ways too, be"
                  + " it only the batch's size; --latent-tensor NAME names another z")
              .formatted(recon, z));
    }
  }

  /** What z is drawn from, if its mean and scale are a row for each image. */
  private static Optional<Posterior> posterior(
      NodeGraph old, GraphDef graph, TensorName z, Set<String> noise, long latent)
      throws MetaGraphException {
    Optional<Posterior> found = Posterior.of(old, z, noise);
    return found.isPresent()
            && VaeShapes.areMatrices(graph, latent, found.get().mean(), found.get().source())
        ? found
        : Optional.empty();
  }

  /** Log σ², by ops of its own unless the old graph has it. */
  private static TensorName logVariance(GraphCut cut, Posterior posterior) {
    TensorName source = posterior.source();
    return switch (posterior.kind()) {
      case VARIANCE -> cut.add(Z_STD, "Log", source);
      case SCALE -> cut.add(Z_STD, "Log", cut.add(Z_STD + "_variance", "Square", source));
      case LOGARITHM ->
          posterior.factor() == 1
              ? source
              : cut.add(
                  Z_STD, "Mul", source, cut.addConstant(Z_STD + "_factor", posterior.factor()));
    };
  }

  private static List<String> ops(List<VariableDef> variables) {
    return variables.stream().map(VariableLists::op).toList();
  }
}

package vae.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import vae.checkpoint.Tf1Checkpoint;
import vae.config.Device;
import vae.files.ModelException;
import vae.functions.Batching;
import vae.functions.ModelSignature.NamedTensor;
import vae.functions.VaeFunctions;
import vae.imports.FunctionImport;
import vae.imports.Tf1Import;
import vae.metagraph.AmbiguousGraphException;
import vae.metagraph.DenseLayer;
import vae.metagraph.DroppedOps;
import vae.metagraph.GenerativeGraph;
import vae.metagraph.GraphHints;
import vae.storage.LoadedModel;
import vae.storage.ModelStore;
import vae.tensor.ElementType;
import vae.tensor.Values;
import vae.tf1.Tf1Names;

/**
 * {@code import-meta}: the tutorial's test program, which restores a meta graph, looks at what was
 * saved, and rebuilds the decoder.
 */
@Command(
    name = "import-meta",
    description =
        "Import a TF1 model (.meta and checkpoint): show what was saved, rebuild the"
            + " decoder, and save it as the next number in the model folder. --signature,"
            + " --input and --output import any function of any model or frozen graph (.pb).")
final class ImportMetaCommand implements Callable<Integer> {
  private static final long BYTES_OF_GRAPH = 1 << 20;
  private static final int[] TRIED_BATCHES = {1, 3};

  @Mixin private ModelOptions common;
  @Mixin private Tf1Options tf1;

  @Parameters(
      index = "0",
      paramLabel = "PREFIX",
      description =
          "What saver.save was given, such as ./VAE_mnist_model/VAE_mnist; the folder, for its"
              + " newest; or a frozen graph's file, x.pb.")
  private Path prefix;

  @Option(
      names = "--latent-tensor",
      paramLabel = "NAME",
      description = "The tensor that the decoder starts from, z (default: the sampler's output).")
  private Optional<String> latent;

  @Option(
      names = "--recon-tensor",
      paramLabel = "NAME",
      description = "The tensor that the decoder ends in (default: that of collection 'recon').")
  private Optional<String> recon;

  @Option(
      names = "--image-tensor",
      paramLabel = "NAME",
      description =
          "The tensor where images come in (default: X, or the one placeholder or queue's output).")
  private Optional<String> image;

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description =
          "Fix a scalar placeholder's value, such as keep_prob=1 or is_training=false. May"
              + " be repeated.")
  private Map<String, String> fixed = Map.of();

  @ArgGroup(
      exclusive = false,
      multiplicity = "0..*",
      heading = "%nA function of any model, in place of a VAE:%n")
  private List<FunctionOptions> functions = new ArrayList<>();

  @Override
  public Integer call() throws IOException {
    if (!functions.isEmpty() && (image.isPresent() || latent.isPresent() || recon.isPresent())) {
      throw new ParameterException(
          common.spec().commandLine(),
          "--signature and --image-tensor, --latent-tensor, --recon-tensor: expected one kind of"
              + " them, found both");
    }
    ModelStore store = common.store();
    store.requireWritable(BYTES_OF_GRAPH);
    var device = common.startTensorFlow();
    Tf1Checkpoint checkpoint = tf1.checkpoint(prefix);
    if (!functions.isEmpty()) {
      return bringOver(checkpoint, store, device);
    }
    return bringOver(read(checkpoint), store, device);
  }

  private Tf1Import read(Tf1Checkpoint checkpoint) throws IOException {
    try {
      return Tf1Import.of(
          checkpoint, new GraphHints(image, latent, recon, fixed), common.allowedOps());
    } catch (ModelException e) {
      if (e.getCause() instanceof AmbiguousGraphException ambiguous) {
        ambiguous
            .readings()
            .forEach(
                options ->
                    ImportLine.of(prefix, tf1.meta(), options)
                        .ifPresent(line -> System.err.println("  " + line)));
      }
      throw e;
    }
  }

  /** Publishes the model that was found. */
  private static int bringOver(Tf1Import imported, ModelStore store, Device device)
      throws IOException {
    GenerativeGraph found = imported.found();
    try (LoadedModel model = imported.restore(device)) {
      Optional<String> limit = tried(model);
      System.out.print(Inspection.of(imported, model).collections());
      printFound(found);
      printDecoder(found, model.vae().latentSize());
      printDropped(found.dropped());
      Path published = store.publish(model::writeTo);
      ModelOptions.noteBatches(model);
      if (model.vae().batching().kind() == Batching.Kind.WHOLE) {
        System.err.println(
            "note: a batch is decoded as a whole: its images may depend on each other, as by batch"
                + " normalisation that goes by the batch");
      }
      limit.ifPresent(
          problem ->
              System.err.println("note: it can't reconstruct any number of images: " + problem));
      System.err.println("saved " + published);
      return ExitCode.OK;
    }
  }

  /** What was found and settled, each in a line; standard output is the tutorial's. */
  private static void printFound(GenerativeGraph found) {
    System.err.println("found " + found.kind());
    found.image().ifPresent(image -> System.err.println("images at " + image));
    found.scale().ifPresent(scale -> System.err.println("z_std is log σ², from " + scale));
    if (found.isLogits()) {
      System.err.printf("%s holds logits: their sigmoid is the image%n", found.recon());
    }
    found.settled().forEach((name, value) -> System.err.printf("%s is %s%n", name, value));
    found
        .lacking()
        .ifPresent(
            variable ->
                System.err.printf(
                    "the checkpoint lacks %s, so that nothing can be encoded%n", variable));
  }

  /** Publishes the functions that were named. */
  private int bringOver(Tf1Checkpoint checkpoint, ModelStore store, Device device)
      throws IOException {
    FunctionImport imported =
        FunctionImport.read(
            checkpoint,
            functions.stream().map(FunctionOptions::request).toList(),
            fixed,
            common.allowedOps());
    try (LoadedModel model = imported.restore(device)) {
      Path published = store.publish(model::writeTo);
      System.out.print(Inspection.of(model).functions());
      System.out.printf(
          "%n%d variables, %d ops; %d other ops dropped%n",
          imported.functions().variables().size(),
          imported.functions().graph().getNodeCount(),
          imported.functions().dropped());
      ModelOptions.noteBatches(model);
      System.err.println("saved " + published);
      return ExitCode.OK;
    }
  }

  /**
   * Runs a model before it is published. A decoder must take any number of z's; that the images
   * come in batches of one size only is told, since generating doesn't need them.
   */
  private static Optional<String> tried(LoadedModel model) throws ModelException {
    VaeFunctions vae = model.vae().given(nothing(model.vae().others()));
    for (int batch : TRIED_BATCHES) {
      vae.generate(Values.of(new float[batch][vae.latentSize()]));
    }
    if (!model.signatures().containsKey(Tf1Names.SERVING_DEFAULT)) {
      return Optional.empty();
    }
    try {
      for (int batch : TRIED_BATCHES) {
        Values images = Values.of(new float[batch][vae.inputSize()]);
        vae.reconstruct(images);
        vae.codes(images);
      }
      return Optional.empty();
    } catch (ModelException e) {
      return Optional.of(String.valueOf(e.getMessage()).strip().replaceAll("\\s*\\R\\s*", " "));
    }
  }

  /** A row of zeros for each of a model's other inputs. */
  private static Map<String, Values> nothing(SortedMap<String, NamedTensor> inputs) {
    Map<String, Values> nothing = new TreeMap<>();
    inputs.forEach(
        (name, input) -> {
          ElementType type = input.type().orElse(ElementType.FLOAT);
          Values one = Values.empty(type, input.rowShape().orElse(new int[0]));
          nothing.put(name, input.rows().isPresent() ? one.asRow() : one);
        });
    return nothing;
  }

  /** The lines by which the tutorial rebuilds the decoder, with this model's numbers. */
  private static void printDecoder(GenerativeGraph serving, int latentSize) {
    System.out.printf(
        "%ndecoder: %d ops from z = %s to recon = %s, rebuilt from %s to %s%n",
        serving.decoderOps(),
        serving.latent(),
        serving.recon(),
        serving.noiseInput(),
        serving.generated());
    if (serving.layers().isEmpty()) {
      return;
    }
    System.out.printf("noise_input=tf.placeholder(tf.float32,shape=[None,%d])%n", latentSize);
    String input = Tf1Names.NOISE_INPUT;
    for (DenseLayer layer : serving.layers()) {
      System.out.printf("decoder=tf.matmul(%s,a[%d])+a[%d]%n", input, layer.weight(), layer.bias());
      if (!layer.pythonActivation().isEmpty()) {
        System.out.printf("decoder=tf.nn.%s(decoder)%n", layer.pythonActivation());
      }
      input = "decoder";
    }
    if (isTutorials(serving.layers())) {
      DenseLayer hidden = serving.layers().get(0);
      DenseLayer out = serving.layers().get(1);
      System.out.printf(
          "the tutorial's decoder: a[%d], a[%d], a[%d], a[%d]%n",
          hidden.weight(), hidden.bias(), out.weight(), out.bias());
    }
  }

  private static boolean isTutorials(List<DenseLayer> layers) {
    return layers.stream()
        .map(DenseLayer::pythonActivation)
        .toList()
        .equals(List.of("tanh", "sigmoid"));
  }

  private static void printDropped(DroppedOps dropped) {
    System.out.printf(
        "%ndropped: %d ops of the input pipeline, %d others (training, summaries, the old saver)%n",
        dropped.inputPipeline().size(), dropped.others());
    dropped.inputPipeline().forEach(op -> System.out.println("  " + op));
  }
}

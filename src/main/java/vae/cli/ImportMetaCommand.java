package vae.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import vae.checkpoint.Tf1Checkpoint;
import vae.config.Device;
import vae.files.ModelException;
import vae.functions.Batching;
import vae.imports.FunctionImport;
import vae.imports.Tf1Import;
import vae.imports.TrialRun;
import vae.metagraph.FunctionRequest;
import vae.metagraph.GraphHints;
import vae.report.ImportLine;
import vae.report.ImportReport;
import vae.report.Inspection;
import vae.search.AmbiguousGraphException;
import vae.storage.LoadedModel;
import vae.storage.ModelStore;

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
  private List<Function> functions = new ArrayList<>();

  @Override
  public Integer call() throws IOException {
    if (!functions.isEmpty() && (image.isPresent() || latent.isPresent() || recon.isPresent())) {
      throw common.refused(
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
    try (LoadedModel model = imported.restore(device)) {
      Optional<String> limit = TrialRun.of(model);
      var report = new ImportReport(imported.found(), model.vae().latentSize());
      System.out.print(Inspection.of(imported, model).collections());
      System.err.print(report.found());
      System.out.print(report.decoder() + report.dropped());
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

  /** Publishes the functions that were named. */
  private int bringOver(Tf1Checkpoint checkpoint, ModelStore store, Device device)
      throws IOException {
    FunctionImport imported =
        FunctionImport.read(
            checkpoint,
            functions.stream().map(Function::request).toList(),
            fixed,
            common.allowedOps());
    try (LoadedModel model = imported.restore(device)) {
      Path published = store.publish(model::writeTo);
      System.out.print(Inspection.of(model).functions());
      System.out.print(ImportReport.dropped(imported.functions()));
      ModelOptions.noteBatches(model);
      System.err.println("saved " + published);
      return ExitCode.OK;
    }
  }

  /** The options that name a function in a graph of tensors. */
  private static final class Function {
    @Option(
        names = "--signature",
        paramLabel = "NAME",
        required = true,
        description =
            "Import a function under this name, such as serving_default, instead of a VAE:"
                + " the part of the graph from its --input to its --output. May be repeated, each"
                + " with its own tensors.")
    private String signature;

    @Option(
        names = "--input",
        paramLabel = "KEY=TENSOR",
        description = "A name for callers and the tensor that is fed, x=images:0. May be repeated.")
    private Map<String, String> inputs; // Null where none is given: a value here all would share.

    @Option(
        names = "--output",
        paramLabel = "KEY=TENSOR",
        required = true,
        description =
            "A name for callers and the tensor that is fetched, y=probs:0. May be repeated.")
    private Map<String, String> outputs;

    FunctionRequest request() {
      return new FunctionRequest(signature, Objects.requireNonNullElse(inputs, Map.of()), outputs);
    }
  }
}

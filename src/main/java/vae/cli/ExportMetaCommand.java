package vae.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import vae.config.Seed;
import vae.config.TrainingPlan;
import vae.mnist.DataException;
import vae.mnist.ImageList;
import vae.storage.LoadedModel;
import vae.storage.Manifest;
import vae.storage.TrainingRecord;
import vae.tf1.InputPipeline;
import vae.train.QueuedBatches;

/** {@code export-meta}: {@code saver.save(sess,'./VAE_mnist_model/VAE_mnist')}. */
@Command(
    name = "export-meta",
    description =
        "Write a saved model as TF1's saver does: .meta, .index, .data and the file checkpoint.")
final class ExportMetaCommand implements Callable<Integer> {
  /** Of a pipeline whose training is not known: the tutorial's. */
  private static final int BATCH_SIZE = TrainingPlan.tutorial(new Seed(0)).batchSize();

  /** Of the order in which Python will read the images. */
  private static final Seed SEED = new Seed(0);

  @Mixin private ImageListOptions imageList;
  @Mixin private ModelOptions common;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "PREFIX",
      defaultValue = "VAE_mnist_model/VAE_mnist",
      description = "What saver.restore will be given (default: ${DEFAULT-VALUE}).")
  private Path prefix;

  @Override
  public Integer call() throws IOException {
    imageList.check();
    try (LoadedModel model = common.model()) {
      Optional<InputPipeline.Source> pipeline = pipeline(model);
      model.export(
          prefix,
          metaGraph ->
              pipeline.map(source -> InputPipeline.addTo(metaGraph, source)).orElse(metaGraph));
      System.err.printf("saved %s.meta and its checkpoint, from %s%n", prefix, model.source());
      return ExitCode.OK;
    }
  }

  /** The input pipeline of the list given, or of the one that the model was trained from. */
  private Optional<InputPipeline.Source> pipeline(LoadedModel model) throws IOException {
    int pixels = model.vae().inputSize();
    if (imageList.file().isPresent()) {
      ImageList list = ImageListOptions.read(imageList.file().get(), imageList.skipBad());
      if (list.pixelsPerImage() != pixels) {
        throw new DataException(
            list.file(),
            "expected images of %d pixels, as the model's, found %d"
                .formatted(pixels, list.pixelsPerImage()));
      }
      return Optional.of(QueuedBatches.source(list, BATCH_SIZE, SEED));
    }
    Optional<TrainingRecord> trained = model.manifest().flatMap(Manifest::training);
    Optional<Path> file = trained.flatMap(record -> record.images().list());
    if (trained.isEmpty() || file.isEmpty()) {
      return Optional.empty();
    }
    // The model can be exported without the images that it was trained from.
    String lost;
    try {
      ImageList list = ImageListOptions.read(file.get(), trained.get().images().skipBad());
      if (list.sha256().equals(trained.get().images().sha256())
          && list.pixelsPerImage() == pixels) {
        return Optional.of(QueuedBatches.source(list, trained.get().plan().batchSize(), SEED));
      }
      lost = list.file() + ": not the list that it was trained from";
    } catch (DataException e) {
      lost = String.valueOf(e.getMessage());
    }
    System.err.printf("note: exported without the input pipeline: %s%n", lost);
    return Optional.empty();
  }
}

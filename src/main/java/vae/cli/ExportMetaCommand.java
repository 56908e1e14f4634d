package vae.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import org.tensorflow.proto.MetaGraphDef;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import vae.config.Seed;
import vae.config.TrainingPlan;
import vae.mnist.ImageList;
import vae.storage.ImageListRecord;
import vae.storage.LoadedModel;
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
  @Mixin private CommonOptions common;

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
    Path folder = common.store().newest();
    UnaryOperator<MetaGraphDef> pipeline = pipeline(folder);
    try (LoadedModel model = LoadedModel.open(folder, common.startTensorFlow())) {
      model.export(prefix, pipeline);
      System.err.printf("saved %s.meta and its checkpoint, from %s%n", prefix, folder);
      return ExitCode.OK;
    }
  }

  /** What adds the input pipeline: that of the list given, or of the one trained from. */
  private UnaryOperator<MetaGraphDef> pipeline(Path folder) throws IOException {
    Optional<ImageListRecord> record =
        imageList.file().isPresent()
            ? imageList.file().map(file -> given(file))
            : ImageListRecord.in(folder);
    if (record.isEmpty()) {
      return metaGraph -> metaGraph;
    }
    Path file = record.get().list();
    if (imageList.file().isEmpty() && !Files.exists(file)) {
      System.err.printf(
          "note: %s, from which it was trained, is not here: exported without the input pipeline%n",
          file);
      return metaGraph -> metaGraph;
    }
    ImageList list = ImageListOptions.read(file, record.get().skipBad());
    InputPipeline.Source source = QueuedBatches.source(list, record.get().batchSize(), SEED);
    return metaGraph -> InputPipeline.addTo(metaGraph, source);
  }

  private ImageListRecord given(Path file) {
    return new ImageListRecord(file, BATCH_SIZE, imageList.skipBad());
  }
}

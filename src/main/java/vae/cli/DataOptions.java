package vae.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import vae.config.TrainingPlan;
import vae.mnist.DataException;
import vae.mnist.ImageList;
import vae.mnist.Images;
import vae.mnist.MiniBatches;
import vae.storage.ImageListRecord;
import vae.train.Batches;
import vae.train.QueuedBatches;

/** The options that tell what to train on: the IDX files, or single images by a list. */
final class DataOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Mixin private MnistOption mnist;

  @Mixin private ImageListOptions imageList;

  /**
   * Images to train on.
   *
   * @param count how many
   * @param pixelsPerImage in each
   * @param source makes batches of them
   * @param list where they come from, unless from IDX files
   */
  record TrainingData(int count, int pixelsPerImage, Source source, Optional<ImageList> list) {
    Batches batches(TrainingPlan plan) {
      return source.batches(plan);
    }
  }

  /** Makes a plan's batches. */
  @FunctionalInterface
  interface Source {
    Batches batches(TrainingPlan plan);
  }

  /**
   * Refuses what does not go together.
   *
   * @throws ParameterException if options exclude each other
   */
  void check() {
    var given = command.commandLine().getParseResult();
    if (imageList.file().isPresent() && given.hasMatchedOption("--mnist")) {
      throw new ParameterException(
          command.commandLine(), "--image-list and --mnist: expected one of them, found both");
    }
    imageList.check();
  }

  /** How a model has been trained from an image list; nothing where it is from IDX files. */
  Optional<ImageListRecord> record(TrainingData data, TrainingPlan plan) {
    return data.list()
        .map(
            list ->
                new ImageListRecord(
                    list.file(), list.sha256(), plan.batchSize(), imageList.skipBad()));
  }

  /**
   * Reads the images, or checks those of the list.
   *
   * @throws DataException if one is missing, or not what it should be
   */
  TrainingData read() throws DataException {
    Optional<Path> file = imageList.file();
    if (file.isEmpty()) {
      Images images = mnist.files().train();
      return new TrainingData(
          images.count(),
          images.pixelsPerImage(),
          plan -> new MiniBatches(images, plan.batchSize(), plan.seed())::copyBatch,
          Optional.empty());
    }
    ImageList list = ImageListOptions.read(file.get(), imageList.skipBad());
    return new TrainingData(
        list.count(),
        list.pixelsPerImage(),
        plan -> QueuedBatches.start(list, plan.batchSize(), plan.seed()),
        Optional.of(list));
  }
}

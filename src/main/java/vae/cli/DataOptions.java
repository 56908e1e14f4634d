package vae.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import vae.config.TrainingPlan;
import vae.mnist.DataException;
import vae.mnist.ImageList;
import vae.mnist.Images;
import vae.mnist.MiniBatches;
import vae.storage.TrainedImages;
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
   * @param sha256 the sum by which they are known again
   * @param source makes batches of them
   * @param list where they come from, unless from IDX files
   */
  record TrainingData(
      int count,
      int pixelsPerImage,
      Supplier<String> sha256,
      Source source,
      Optional<ImageList> list) {
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

  /** What a model has been trained on, for its manifest. */
  TrainedImages record(TrainingData data) {
    return new TrainedImages(
        data.count(), data.sha256().get(), data.list().map(ImageList::file), imageList.skipBad());
  }

  /** What is being read. */
  @FunctionalInterface
  interface Reading {
    /**
     * Waits for it.
     *
     * @throws IOException if an image is missing, or not what it should be
     */
    TrainingData finish() throws IOException;
  }

  /**
   * Starts to read. The IDX files are read while TensorFlow starts; a list is checked only at the
   * end, because it tells its progress, and standard error is not the user's while that starts.
   */
  Reading start() {
    Optional<Path> file = imageList.file();
    if (file.isPresent()) {
      return () -> listed(file.get());
    }
    Background<Images> images = Background.start("mnist", () -> mnist.files().train());
    return () -> stored(images.finish());
  }

  private static TrainingData stored(Images images) {
    return new TrainingData(
        images.count(),
        images.pixelsPerImage(),
        images::sha256,
        plan -> new MiniBatches(images, plan.batchSize(), plan.seed())::copyBatch,
        Optional.empty());
  }

  private TrainingData listed(Path file) throws DataException {
    ImageList list = ImageListOptions.read(file, imageList.skipBad());
    return new TrainingData(
        list.count(),
        list.pixelsPerImage(),
        list::sha256,
        plan -> QueuedBatches.start(list, plan.batchSize(), plan.seed()),
        Optional.of(list));
  }
}

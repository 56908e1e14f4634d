package vae.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import vae.config.TrainingPlan;
import vae.mnist.DataException;
import vae.mnist.ImageList;
import vae.mnist.Images;
import vae.mnist.MiniBatches;
import vae.train.Batches;
import vae.train.QueuedBatches;

/** The options that tell what to train on: the IDX files, or single images by a list. */
final class DataOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Mixin private MnistOption mnist;

  @Option(
      names = "--image-list",
      paramLabel = "FILE",
      description =
          "Instead of the IDX files: a list of PNG or JPEG files, a line 'path label' each, that"
              + " TensorFlow's queues read as in the tutorial. See unpack.")
  private Optional<Path> imageList;

  @Option(names = "--skip-bad", description = "Leave out the bad lines of the image list.")
  private boolean skipBad;

  /**
   * Images to train on.
   *
   * @param count how many
   * @param pixelsPerImage in each
   * @param source makes batches of them
   */
  record TrainingData(int count, int pixelsPerImage, Source source) {
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
    if (imageList.isPresent() && given.hasMatchedOption("--mnist")) {
      throw new ParameterException(
          command.commandLine(), "--image-list and --mnist: expected one of them, found both");
    }
    if (skipBad && imageList.isEmpty()) {
      throw new ParameterException(
          command.commandLine(), "--skip-bad: expected --image-list with it, found none");
    }
  }

  /**
   * Reads the images, or checks those of the list.
   *
   * @throws DataException if one is missing, or not what it should be
   */
  TrainingData read() throws DataException {
    if (imageList.isEmpty()) {
      Images images = mnist.files().train();
      return new TrainingData(
          images.count(),
          images.pixelsPerImage(),
          plan -> new MiniBatches(images, plan.batchSize(), plan.seed())::copyBatch);
    }
    ImageList list = checkedList(imageList.get());
    if (list.skipped() > 0) {
      System.err.printf("%s: left out %,d bad lines%n", list.file(), list.skipped());
    }
    return new TrainingData(
        list.count(),
        list.pixelsPerImage(),
        plan -> new QueuedBatches(list, plan.batchSize(), plan.seed()));
  }

  private ImageList checkedList(Path file) throws DataException {
    try (var progress = new CountLine("checking images")) {
      return ImageList.read(file, skipBad, progress::show);
    }
  }
}

package vae.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import vae.config.ClassNames;
import vae.mnist.DataException;
import vae.mnist.ImageList;
import vae.mnist.Images;
import vae.runtime.Background;
import vae.storage.TrainedImages;
import vae.training.TrainingData;

/** The options that tell what to train on: the IDX files, or single images by a list. */
final class DataOptions extends OptionGroup {
  @Mixin private MnistOption mnist;

  @Mixin private ImageListOptions imageList;
  @Mixin private ClassNamesOption classNames;

  @Option(
      names = "--validation",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Hold the last N images back from training and log their loss (default:"
              + " ${DEFAULT-VALUE}).")
  private int validation;

  /** Refuses what does not go together. */
  void check() {
    if (imageList.file().isPresent() && isGiven("--mnist")) {
      throw refused("--image-list and --mnist: expected one of them, found both");
    }
    imageList.check();
    if (validation < 0 || (validation > 0 && imageList.file().isPresent())) {
      throw refused("--validation: expected 0 or more, of IDX files, found " + validation);
    }
  }

  /** Starts to read the images of a training that goes on. */
  Reading resume(TrainedImages before) {
    requireSame("--validation", validation, before.heldOut());
    validation = before.heldOut();
    boolean listed = before.list().isPresent();
    String other = listed ? "--mnist" : "--image-list";
    if (isGiven(other)) {
      throw refused(
          "%s: expected none, the training to be resumed has its images from %s"
              .formatted(other, listed ? before.list().get() : "IDX files"));
    }
    requireSame("--skip-bad", imageList.skipBad(), before.skipBad());
    Optional<Path> list = listed ? imageList.file().or(before::list) : Optional.empty();
    Reading reading = start(list, before.skipBad(), before.classes());
    return () -> {
      TrainingData data = reading.finish();
      TrainedImages found = data.record().get();
      if (!found.sha256().equals(before.sha256())) {
        throw new DataException(
            found.list().orElseGet(mnist::folder),
            "expected the images of the training to be resumed, SHA-256 %s, found %s"
                .formatted(before.sha256(), found.sha256()));
      }
      return data;
    };
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
    return start(imageList.file(), imageList.skipBad(), Optional.empty());
  }

  private Reading start(Optional<Path> list, boolean skipBad, Optional<ClassNames> before) {
    if (list.isPresent()) {
      return () -> listed(list.get(), skipBad, names(before));
    }
    Background<Images> images = Background.start("mnist", () -> mnist.files().train());
    return () -> stored(images.finish(), names(before));
  }

  /** Those that are asked for, or else those of the training that goes on. */
  private Optional<ClassNames> names(Optional<ClassNames> before) throws DataException {
    Optional<ClassNames> given = classNames.given();
    return given.isPresent() ? given : before;
  }

  private TrainingData stored(Images read, Optional<ClassNames> names) throws DataException {
    if (validation >= read.count()) {
      throw refused(
          "--validation: expected fewer than the %,d images, found %,d"
              .formatted(read.count(), validation));
    }
    Images images = read.with(ClassNamesOption.under(names, read.labels(), mnist.folder()));
    return TrainingData.of(images, validation, names);
  }

  private static TrainingData listed(Path file, boolean skipBad, Optional<ClassNames> names)
      throws DataException {
    ImageList read = ImageListOptions.read(file, skipBad);
    ImageList list = read.with(ClassNamesOption.under(names, read.labels(), file));
    return TrainingData.of(list, skipBad, names);
  }
}

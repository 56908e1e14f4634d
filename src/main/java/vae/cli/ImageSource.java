package vae.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import vae.mnist.DataException;
import vae.mnist.Images;
import vae.mnist.MnistFiles;

/** The options that tell which images a model is to look at. */
final class ImageSource {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  /** MNIST's two halves. */
  private enum Split {
    TRAIN,
    TEST
  }

  @Mixin private MnistOption mnist;
  @Mixin private ImageListOptions imageList;

  @Option(
      names = "--split",
      paramLabel = "train|test",
      defaultValue = "test",
      description = "MNIST's 60,000 training or 10,000 test images (default: ${DEFAULT-VALUE}).")
  private Split split;

  @Option(
      names = "--images",
      paramLabel = "FILE",
      description = "An IDX file of images, plain or gzipped, in place of MNIST's.")
  private Optional<Path> images;

  @Option(names = "--labels", paramLabel = "FILE", description = "The IDX file of their labels.")
  private Optional<Path> labels;

  /**
   * Refuses what does not go together.
   *
   * @throws ParameterException if options exclude each other
   */
  void check() {
    if (images.isPresent() && imageList.file().isPresent()) {
      throw refused("--images and --image-list: expected one of them, found both");
    }
    if (labels.isPresent() && images.isEmpty()) {
      throw refused("--labels: expected --images with it, found none");
    }
    imageList.check();
  }

  /**
   * Reads them.
   *
   * @throws DataException if a file is missing, or not what it should be
   */
  Images read() throws DataException {
    if (images.isPresent()) {
      return MnistFiles.read(images.get(), labels);
    }
    if (imageList.file().isPresent()) {
      return ImageListOptions.read(imageList.file().get(), imageList.skipBad()).images();
    }
    return split == Split.TRAIN ? mnist.files().train() : mnist.files().test();
  }

  /** What was read, for people. */
  String name() {
    return images
        .or(imageList::file)
        .map(Path::toString)
        .orElse(mnist.folder() + ", " + (split == Split.TRAIN ? "training" : "test") + " images");
  }

  private ParameterException refused(String message) {
    return new ParameterException(command.commandLine(), message);
  }
}

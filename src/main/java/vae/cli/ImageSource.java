package vae.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import vae.mnist.DataException;
import vae.mnist.Images;
import vae.mnist.MnistFiles;
import vae.runtime.Background;
import vae.storage.LoadedModel;
import vae.tensor.Values;

/** The options that tell which images a model is to look at. */
final class ImageSource extends OptionGroup {
  @Mixin private MnistOption mnist;
  @Mixin private ImageListOptions imageList;

  @Option(
      names = "--split",
      paramLabel = "train|test",
      defaultValue = "test",
      description = "MNIST's 60,000 training or 10,000 test images (default: ${DEFAULT-VALUE}).")
  private MnistOption.Part split;

  @Option(
      names = "--images",
      paramLabel = "FILE",
      description =
          "An IDX file of images, [n,h,w] or [n,h,w,1 or 3], plain or gzipped, in place of"
              + " MNIST's.")
  private Optional<Path> images;

  @Option(names = "--labels", paramLabel = "FILE", description = "The IDX file of their labels.")
  private Optional<Path> labels;

  /** Refuses what does not go together. */
  void check() {
    if (images.isPresent() && imageList.file().isPresent()) {
      throw refused("--images and --image-list: expected one of them, found both");
    }
    if (labels.isPresent() && images.isEmpty()) {
      throw refused("--labels: expected --images with it, found none");
    }
    imageList.check();
  }

  /** What is being read. */
  @FunctionalInterface
  interface Reading {
    /**
     * Waits for it.
     *
     * @param model that is to take the images
     * @throws DataException if a file is missing, or not what it should be, or the model takes
     *     other images
     */
    Images finish(LoadedModel model) throws IOException;
  }

  /**
   * Starts to read. IDX files are read while TensorFlow starts; whether those of a list are read in
   * colour is the model's to tell.
   */
  Reading start() {
    Optional<Path> list = imageList.file();
    if (list.isPresent()) {
      return model -> {
        int[] taken = model.vae().inputShape();
        return ImageListOptions.read(list.get(), imageList.skipBad()).images(taken);
      };
    }
    Background<Images> reading = Background.start("images", this::idx);
    return model -> {
      Images found = reading.finish();
      require(model, found, images.orElse(mnist.folder()));
      return found;
    };
  }

  /**
   * Checks that a model takes images.
   *
   * @param source where they are from
   * @throws DataException if it takes others
   */
  static void require(LoadedModel model, Images images, Path source) throws IOException {
    int[] taken = model.vae().inputShape();
    if (!images.shape().fits(taken)) {
      throw new DataException(
          source,
          "expected images of shape %s, as %s takes, found %s"
              .formatted(Values.text(taken), model.source(), images.shape()));
    }
  }

  private Images idx() throws DataException {
    return images.isPresent() ? MnistFiles.read(images.get(), labels) : mnist.images(split);
  }

  /** What was read, for people. */
  String name() {
    return images
        .or(imageList::file)
        .map(Path::toString)
        .orElse(
            mnist.folder()
                + ", "
                + (split == MnistOption.Part.TRAIN ? "training" : "test")
                + " images");
  }
}

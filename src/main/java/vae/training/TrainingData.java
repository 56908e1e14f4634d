package vae.training;

import java.util.Optional;
import java.util.function.Supplier;
import vae.config.ClassNames;
import vae.config.Device;
import vae.config.TrainingPlan;
import vae.mnist.DataException;
import vae.mnist.ImageList;
import vae.mnist.Images;
import vae.storage.TrainedImages;
import vae.train.Batches;
import vae.train.ImagesInMemory;
import vae.train.QueuedBatches;

/**
 * Images to train on.
 *
 * @param count how many
 * @param pixelsPerImage in each
 * @param record what they are known by again, for a manifest; takes the sum of them all
 * @param source makes batches of them
 * @param trained gives those that are trained on, with their labels
 * @param heldOut those that are not trained on; nothing if all are
 * @param classes what the labels are called; nothing if there are none
 */
public record TrainingData(
    int count,
    int pixelsPerImage,
    Supplier<TrainedImages> record,
    Batches.Source source,
    LabelledImages trained,
    Optional<Images> heldOut,
    Optional<ClassNames> classes) {

  /** All images at once. */
  @FunctionalInterface
  public interface LabelledImages {
    /**
     * Reads them, if that is still to be done.
     *
     * @throws DataException if one can't be read
     */
    Images images() throws DataException;
  }

  /** All of the images; with labels, the model will tell what it draws. */
  public static TrainingData of(Images images) {
    return of(images, 0, Optional.empty());
  }

  /**
   * Images of which some are held back.
   *
   * @param heldOut how many, the last ones; fewer than there are
   * @param names what the classes are called, for the record, unless by their numbers
   * @throws IllegalArgumentException if none are left
   */
  public static TrainingData of(Images images, int heldOut, Optional<ClassNames> names) {
    int kept = images.count() - heldOut;
    if (heldOut < 0 || kept < 1) {
      throw new IllegalArgumentException(
          "expected to hold back fewer than the %,d images, found %,d"
              .formatted(images.count(), heldOut));
    }
    Images trained = heldOut == 0 ? images : images.part(0, kept);
    return new TrainingData(
        kept,
        images.pixelsPerImage(),
        () ->
            new TrainedImages(
                images.count(), images.sha256(), Optional.empty(), false, heldOut, names),
        plan -> inMemory(trained, plan),
        () -> trained,
        heldOut == 0 ? Optional.empty() : Optional.of(images.part(kept, images.count())),
        images.labels().classes());
  }

  /**
   * The images of a list.
   *
   * @param skipBad whether its bad lines were left out
   * @param names what the classes are called, for the record, unless as in the list
   */
  public static TrainingData of(ImageList list, boolean skipBad, Optional<ClassNames> names) {
    LabelledImages images = new DecodedOnce(list);
    return new TrainingData(
        list.count(),
        list.pixelsPerImage(),
        () ->
            new TrainedImages(
                list.count(), list.sha256(), Optional.of(list.file()), skipBad, 0, names),
        plan -> QueuedBatches.start(list, plan.batchSize(), plan.seed()),
        images,
        Optional.empty(),
        list.labels().classes());
  }

  /**
   * A plan's batches. For a GPU all images are taken into memory, of a list too: it is quicker than
   * the threads that read one.
   *
   * @throws DataException if an image can't be read
   * @throws IllegalArgumentException if the plan's network takes images of another size
   */
  public Batches batches(TrainingPlan plan, Device device) throws DataException {
    return device == Device.GPU ? inMemory(trained.images(), plan) : source.of(plan);
  }

  private static Batches inMemory(Images images, TrainingPlan plan) {
    if (images.pixelsPerImage() != plan.shape().input()) {
      throw new IllegalArgumentException(
          "expected images of %,d values for the network, found %,d"
              .formatted(plan.shape().input(), images.pixelsPerImage()));
    }
    return new ImagesInMemory(images, plan.batchSize(), plan.seed());
  }

  /** Decodes at the first call alone. */
  private static final class DecodedOnce implements LabelledImages {
    private final ImageList list;
    private Optional<Images> decoded = Optional.empty();

    DecodedOnce(ImageList list) {
      this.list = list;
    }

    @Override
    public Images images() throws DataException {
      if (decoded.isEmpty()) {
        decoded = Optional.of(list.images(list.pixelsPerImage())); // Grey.
      }
      return decoded.get();
    }
  }
}

package vae.cli;

import vae.mnist.Images;
import vae.storage.LoadedModel;
import vae.storage.ModelException;

/** Makes sure that a model is for what it is asked. */
final class ModelInputs {
  private ModelInputs() {}

  /**
   * Checks that it takes images of a size.
   *
   * @throws ModelException if it takes others
   */
  static void require(LoadedModel model, Images images) throws ModelException {
    require(model, images.pixelsPerImage());
  }

  static void require(LoadedModel model, int pixels) throws ModelException {
    if (model.vae().inputSize() != pixels) {
      throw new ModelException(
          model.source(),
          "expected a model for images of %,d pixels, found one for %,d"
              .formatted(pixels, model.vae().inputSize()));
    }
  }
}

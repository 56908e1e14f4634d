package vae.cli;

import vae.files.ModelException;
import vae.latent.Atlas;
import vae.storage.LoadedModel;

/** The atlas that a model brings with it. */
final class LoadedAtlas {
  private LoadedAtlas() {}

  /**
   * Of a model's labelling.
   *
   * @throws ModelException if it has none
   */
  static Atlas of(LoadedModel model) throws ModelException {
    return Atlas.of(model)
        .orElseThrow(
            () ->
                new ModelException(
                    model.source(),
                    "expected a model with the codes of its training images and a judge, found"
                        + " none: the command atlas publishes it with them"));
  }
}

package vae.storage;

import java.util.Optional;
import java.util.OptionalDouble;
import vae.config.Device;
import vae.files.ModelException;
import vae.tensor.Values;

/** Whether a model still decodes what it decoded when it was published. */
public final class GoldenCheck {
  /** Processors add in different orders: 2e-7 has been seen. */
  private static final double MOST_CPU_DIFFERENCE = 1e-5;

  /** GPUs may multiply with ten bits of each factor (TF32). */
  private static final double MOST_GPU_DIFFERENCE = 1e-2;

  private GoldenCheck() {}

  /**
   * Decodes the manifest's z, and makes sure that the image is the manifest's.
   *
   * @return the largest difference of a pixel; nothing for a model that makes no images
   * @throws ModelException if there is no manifest, or a pixel differs by more than machines do
   */
  public static OptionalDouble require(LoadedModel model) throws ModelException {
    Optional<GoldenImage> known =
        model
            .manifest()
            .orElseThrow(
                () -> new ModelException(model.source(), "expected a manifest, found none"))
            .golden();
    if (known.isEmpty()) {
      return OptionalDouble.empty();
    }
    GoldenImage golden = known.get();
    float[] image = model.vae().generate(Values.of(new float[][] {golden.noise()})).row(0);
    double difference = golden.difference(image);
    double most = model.device() == Device.GPU ? MOST_GPU_DIFFERENCE : MOST_CPU_DIFFERENCE;
    if (!(difference <= most)) {
      throw new ModelException(
          model.source(),
          "expected the image of its manifest, to within %.0e a pixel, found one that differs by %.1e"
              .formatted(most, difference));
    }
    return OptionalDouble.of(difference);
  }
}

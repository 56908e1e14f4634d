package vae.storage;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import vae.config.Device;
import vae.files.JsonFields;
import vae.files.ModelException;
import vae.tensor.Values;

/**
 * An image that a model decoded when it was published: what it should still be decoded to.
 *
 * @param noise z, [latent]
 * @param image x̂ in [0, 1], [input]
 */
@SuppressWarnings("ArrayRecordComponent") // Only read; never compared.
public record GoldenImage(float[] noise, float[] image) {
  /** Off the plane's centre and axes, so that every weight of the decoder's first layer counts. */
  private static final float[] COORDINATES = {0.75f, -0.5f};

  /** Processors add in different orders: 2e-7 has been seen. */
  private static final double MOST_CPU_DIFFERENCE = 1e-5;

  /** GPUs may multiply with ten bits of each factor (TF32). */
  private static final double MOST_GPU_DIFFERENCE = 1e-2;

  /** The z of each model with as many dimensions. */
  static float[] noise(int latent) {
    float[] noise = new float[latent];
    for (int i = 0; i < latent; i++) {
      noise[i] = COORDINATES[i % COORDINATES.length];
    }
    return noise;
  }

  /**
   * Decodes the z of a model's manifest, and makes sure that the image is the manifest's.
   *
   * @return the largest difference of a pixel; nothing for a model that makes no images
   * @throws ModelException if there is no manifest, or a pixel differs by more than machines do
   */
  public static OptionalDouble require(LoadedModel model) throws ModelException {
    Optional<GoldenImage> golden =
        model
            .manifest()
            .orElseThrow(
                () -> new ModelException(model.source(), "expected a manifest, found none"))
            .golden();
    if (golden.isEmpty()) {
      return OptionalDouble.empty();
    }
    Values noise = Values.of(new float[][] {golden.get().noise});
    double difference = golden.get().difference(model.vae().generate(noise).row(0));
    double most = model.device() == Device.GPU ? MOST_GPU_DIFFERENCE : MOST_CPU_DIFFERENCE;
    if (!(difference <= most)) {
      throw new ModelException(
          model.source(),
          "expected the image of its manifest, to within %.0e a pixel, found one that differs by %.1e"
              .formatted(most, difference));
    }
    return OptionalDouble.of(difference);
  }

  /** The largest difference of a value from this image's. */
  private double difference(float[] other) {
    if (other.length != image.length) {
      return Double.POSITIVE_INFINITY;
    }
    double most = 0;
    for (int i = 0; i < image.length; i++) {
      double difference = Math.abs((double) image[i] - other[i]);
      most = difference <= most ? most : difference; // NaN is not below anything.
    }
    return most;
  }

  Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("noise", noise);
    json.put("image", image);
    return json;
  }

  static GoldenImage of(JsonFields json) {
    return new GoldenImage(json.floats("noise"), json.floats("image"));
  }
}

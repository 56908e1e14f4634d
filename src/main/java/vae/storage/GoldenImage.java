package vae.storage;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import vae.files.JsonFields;

/**
 * An image that a model decoded when it was published: what it should still be decoded to.
 *
 * @param noise z, [latent]
 * @param image x̂ in [0, 1], [input]
 */
@SuppressWarnings("ArrayRecordComponent") // Only read; never compared.
record GoldenImage(float[] noise, float[] image) {
  /** Off the plane's centre and axes, so that every weight of the decoder's first layer counts. */
  private static final float[] COORDINATES = {0.75f, -0.5f};

  /** The z of each model with as many dimensions. */
  static float[] noise(int latent) {
    float[] noise = new float[latent];
    for (int i = 0; i < latent; i++) {
      noise[i] = COORDINATES[i % COORDINATES.length];
    }
    return noise;
  }

  /** The largest difference of a value from this image's. */
  double difference(float[] other) {
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
    json.put("noise", boxed(noise));
    json.put("image", boxed(image));
    return json;
  }

  static GoldenImage of(JsonFields json) {
    return new GoldenImage(json.floats("noise"), json.floats("image"));
  }

  private static List<Float> boxed(float[] values) {
    Float[] boxed = new Float[values.length];
    for (int i = 0; i < values.length; i++) {
      boxed[i] = values[i];
    }
    return List.of(boxed);
  }
}

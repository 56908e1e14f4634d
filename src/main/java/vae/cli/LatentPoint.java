package vae.cli;

import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A z as it is typed: {@code 3,3}.
 *
 * @param text as it was typed
 * @param values its finite numbers
 */
record LatentPoint(String text, float[] values) {

  /**
   * The numbers of points for a model.
   *
   * @param latent how many a point must have
   * @param options that the points were typed among
   */
  static float[][] values(List<LatentPoint> points, int latent, OptionGroup options) {
    for (LatentPoint point : points) {
      if (point.values().length != latent) {
        throw options.refused(
            "--z %s: expected %d values, as this model's z has, found %d"
                .formatted(point.text(), latent, point.values().length));
      }
    }
    return points.stream().map(LatentPoint::values).toArray(float[][]::new);
  }

  /** Reads numbers separated by commas. */
  static final class Converter implements ITypeConverter<LatentPoint> {
    @Override
    public LatentPoint convert(String text) {
      String[] fields = text.split(",", -1);
      float[] values = new float[fields.length];
      for (int i = 0; i < fields.length; i++) {
        values[i] = number(fields[i], text);
      }
      return new LatentPoint(text, values);
    }

    private static float number(String field, String text) {
      float value = Float.NaN;
      try {
        value = Float.parseFloat(field.strip());
      } catch (NumberFormatException e) {
        // The same complaint as for NaN, below.
      }
      if (!Float.isFinite(value)) {
        throw new TypeConversionException(
            "expected finite numbers separated by commas, found '" + text + "'");
      }
      return value;
    }
  }
}

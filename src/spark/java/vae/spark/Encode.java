package vae.spark;

import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import vae.functions.Posterior;
import vae.storage.LoadedModel;
import vae.tensor.Values;

/**
 * Where images lie in the latent space: {@code z_mean} and {@code z_std}, the logarithm of the
 * variance, arrays of floats.
 */
public record Encode() implements ImageWork {
  private static final long serialVersionUID = 1;

  @Override
  public StructType columns() {
    var floats = DataTypes.createArrayType(DataTypes.FloatType, false);
    return new StructType().add("z_mean", floats, false).add("z_std", floats, false);
  }

  @Override
  public List<List<Object>> of(LoadedModel model, long[] ids, float[][] images, int count)
      throws IOException {
    Posterior q = model.vae().encode(Values.of(images));
    return IntStream.range(0, count)
        .mapToObj(
            i -> List.<Object>of(ImageTable.floats(q.zMean()[i]), ImageTable.floats(q.zStd()[i])))
        .toList();
  }
}

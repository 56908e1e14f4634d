package vae.spark;

import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import vae.config.Seed;
import vae.evaluate.Elbo;
import vae.storage.LoadedModel;

/**
 * How much images are like what the model knows: the negative ELBO in nats, and its two parts.
 *
 * @param draws of ε an image, a function of the seed and the image's id
 * @param seed any number
 */
public record Score(int draws, long seed) implements ImageWork {
  private static final long serialVersionUID = 1;

  @Override
  public StructType columns() {
    return new StructType()
        .add("negative_elbo", DataTypes.DoubleType, false)
        .add("reconstruction", DataTypes.DoubleType, false)
        .add("kl", DataTypes.DoubleType, false);
  }

  @Override
  public List<List<Object>> of(LoadedModel model, long[] ids, float[][] images, int count)
      throws IOException {
    Elbo elbo = Elbo.ofNumbered(model, images, ids, draws, new Seed(seed));
    return IntStream.range(0, count)
        .mapToObj(i -> List.<Object>of(elbo.of(i), elbo.reconstruction()[i], elbo.kl()[i]))
        .toList();
  }
}

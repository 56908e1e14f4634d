package vae.spark;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.types.StructType;
import vae.storage.LoadedModel;

/** What is done with images. */
public interface ImageWork extends Serializable {
  /** The columns that it adds to {@link ImageTable#key}. */
  StructType columns();

  /**
   * Does it.
   *
   * @param ids the images'; those that fill the batch up have 0
   * @param images a {@link FixedBatch}
   * @param count how many of them count
   * @return the values of its columns, a list an image
   */
  List<List<Object>> of(LoadedModel model, long[] ids, float[][] images, int count)
      throws IOException;
}

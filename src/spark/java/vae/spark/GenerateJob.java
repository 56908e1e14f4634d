package vae.spark;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.LongAccumulator;
import vae.config.Seed;
import vae.files.ModelException;
import vae.latent.Atlas;
import vae.latent.DecodedImages;
import vae.latent.Prior;
import vae.storage.ModelStore;
import vae.storage.StoredModel;
import vae.tensor.Values;

/**
 * Digits from noise: row {@code id} is the id-th draw from the prior, a function of the seed and
 * the id, its label the class of what comes out, with how sure that is by the image and by the
 * codes there, and, if wanted, the image itself. Labels are null for a model that brings no
 * labelling.
 *
 * @param seed any number
 * @param withImages whether each image is written
 */
public record GenerateJob(long seed, boolean withImages) implements Serializable {
  private static final long serialVersionUID = 1;
  private static final long ROWS_A_TASK = 100_000;

  /**
   * Makes them.
   *
   * @param count how many
   * @param out where; there when it ends, and not before
   * @param onEveryMachine whether each executor finds the model under the same path
   * @return what came of it
   * @throws IOException if the model can't be read, or something is at {@code out}
   */
  public ImageJob.Outcome run(
      SparkSession spark, ModelStore models, boolean onEveryMachine, long count, String out)
      throws IOException {
    ParquetOutput.requireNone(spark, out);
    StoredModel stored = ModelShipment.read(models);
    if (!stored.isLabelled() && !withImages) {
      throw new ModelException(
          stored.folder(),
          "expected a model with the codes of its training images and a judge, which give the"
              + " labels, found none: the command atlas publishes it with them");
    }
    ModelShipment model = ModelShipment.of(spark, stored, onEveryMachine);
    int tasks =
        (int)
            Math.min(
                100_000,
                Math.max(spark.sparkContext().defaultParallelism(), count / ROWS_A_TASK + 1));
    LongAccumulator nanos = ImageJob.taskTime(spark);
    MapPartitionsFunction<Long, Row> drawn =
        ids -> {
          ImageJob.measureTask(nanos);
          return rows(ids, model);
        };
    long start = System.nanoTime();
    try (var results =
        ParquetOutput.stage(
            spark
                .range(0, count, 1, tasks)
                .as(Encoders.LONG())
                .mapPartitions(drawn, Encoders.row(columns())),
            out)) {
      long end = System.nanoTime();
      long rows = results.count();
      results.publish();
      return ImageJob.Outcome.of(rows, 0, start, end, nanos, 0);
    }
  }

  private StructType columns() {
    var columns =
        new StructType()
            .add("id", DataTypes.LongType, false)
            .add("z", DataTypes.createArrayType(DataTypes.FloatType, false), false)
            .add("label", DataTypes.IntegerType, true)
            .add("p", DataTypes.FloatType, true);
    return withImages ? columns.add("image", DataTypes.BinaryType, false) : columns;
  }

  /** The rows of some ids. */
  Iterator<Row> rows(Iterator<Long> ids, ModelShipment model) throws IOException {
    Optional<Atlas> atlas = model.atlas();
    var decoded = DecodedImages.of(model.model().vae());
    return FixedBatch.rows(ids, some -> batch(some, model, atlas, decoded));
  }

  private List<Row> batch(
      List<Long> ids, ModelShipment model, Optional<Atlas> atlas, DecodedImages decoded)
      throws IOException {
    int latent = model.model().vae().latentSize();
    List<float[]> z =
        ids.stream().map(id -> Prior.draws(new Seed(seed), id, 1, latent)[0]).toList();
    Values images = model.model().vae().generate(Values.of(FixedBatch.of(z)));
    List<Atlas.Place> places =
        atlas.isPresent()
            ? atlas.get().at(z.toArray(float[][]::new), decoded.unit(images))
            : List.of();
    List<Row> rows = new ArrayList<>(ids.size());
    for (int i = 0; i < ids.size(); i++) {
      float[] point = z.get(i);
      Integer label = places.isEmpty() ? null : places.get(i).label();
      Float p = places.isEmpty() ? null : (float) places.get(i).sureness(places.get(i).label());
      rows.add(
          withImages
              ? RowFactory.create(
                  ids.get(i), ImageTable.floats(point), label, p, pixels(images.row(i)))
              : RowFactory.create(ids.get(i), ImageTable.floats(point), label, p));
    }
    return rows;
  }

  /** An image in [0, 1] as bytes from black, 0, to white, 255. */
  private static byte[] pixels(float[] image) {
    byte[] bytes = new byte[image.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) Math.round(255 * image[i]);
    }
    return bytes;
  }
}

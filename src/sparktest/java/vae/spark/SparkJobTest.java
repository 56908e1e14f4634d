package vae.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import vae.config.Device;
import vae.config.NetworkShape;
import vae.config.Seed;
import vae.evaluate.Elbo;
import vae.files.ModelException;
import vae.files.WriteException;
import vae.functions.Posterior;
import vae.latent.Atlas;
import vae.latent.Prior;
import vae.mnist.DataException;
import vae.mnist.Images;
import vae.mnist.MnistFiles;
import vae.storage.LoadedModel;
import vae.storage.ModelStore;
import vae.tensor.Values;
import vae.testing.FileBytes;
import vae.testing.Labellings;
import vae.testing.PythonModels;
import vae.testing.SmallModel;

/** The jobs, on a Spark in this JVM; scripts/dev/check_spark.py has executors of their own. */
class SparkJobTest {
  private static final int COUNT = 700; // Two batches, and a part of one.
  private static final ModelStore NOWHERE = new ModelStore(Path.of("no such folder"));

  @TempDir private static Path folder;
  private static ModelStore models;
  private static LoadedModel model;
  private static SparkSession spark;
  private static Images images;

  @BeforeAll
  static void start() throws IOException {
    Path base = folder.resolve("models");
    try (var small = new SmallModel(new NetworkShape(784, 512, 2), 5)) {
      small.publish(base, Optional.of(Labellings.of(Labellings.codes(2), 784)));
    }
    models = new ModelStore(base);
    model = LoadedModel.open(models.newest(), Device.CPU);
    images = new MnistFiles(Path.of("mnist")).test();
    spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "2")
            .getOrCreate();
  }

  @AfterAll
  static void stop() {
    spark.stop();
    model.close();
  }

  /**
   * What all of the above rests on: to the bit, wherever a row stands and whatever is beside it.
   */
  @Test
  void aRowComesToTheSameBytesInEveryBatch() throws IOException {
    float[][] x = images.rows(3 * FixedBatch.ROWS);
    var random = new Random(1);
    Posterior[] known = new Posterior[x.length];
    float[][] decoded = new float[x.length][];
    for (int round = 0; round < 12; round++) {
      int[] order = random.ints(FixedBatch.ROWS, 0, x.length).toArray();
      int count = round % 2 == 0 ? FixedBatch.ROWS : 1 + random.nextInt(FixedBatch.ROWS);
      List<float[]> rows = Arrays.stream(order, 0, count).mapToObj(i -> x[i]).toList();
      Posterior q = model.vae().encode(Values.of(FixedBatch.of(rows)));
      float[][] out =
          model
              .vae()
              .generate(Values.of(FixedBatch.of(Arrays.asList(q.zMean()).subList(0, count))))
              .matrix();
      for (int i = 0; i < count; i++) {
        Posterior own = new Posterior(new float[][] {q.zMean()[i]}, new float[][] {q.zStd()[i]});
        Posterior before = known[order[i]];
        if (before != null) {
          assertThat(own.zMean()).isDeepEqualTo(before.zMean());
          assertThat(own.zStd()).isDeepEqualTo(before.zStd());
          assertThat(out[i]).containsExactly(decoded[order[i]]);
        }
        known[order[i]] = own;
        decoded[order[i]] = out[i];
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 7})
  void encodesWhateverThePartitions(int partitions) throws IOException {
    String out = out("encoded-" + partitions);
    ImageJob.Outcome outcome =
        ImageJob.run(spark, models, false, table(partitions), new Encode(), out, true);
    assertOutcome(outcome, COUNT, 0);
    List<Row> rows = byId(out);
    Posterior expected = model.vae().encode(images.values(0, COUNT));
    for (int i = 0; i < COUNT; i++) {
      assertThat(rows.get(i).getLong(0)).isEqualTo(i);
      assertThat(rows.get(i).getInt(2)).isEqualTo(images.labels().of(i));
      assertClose(rows.get(i).getList(3), expected.zMean()[i]);
      assertClose(rows.get(i).getList(4), expected.zStd()[i]);
    }
    Path first = folder.resolve("encoded-first");
    if (!Files.exists(first)) {
      ImageJob.run(spark, models, false, table(5), new Encode(), first.toString(), false);
    }
    assertThat(rows).isEqualTo(byId(first.toString())); // To the bit.
    assertThat(Path.of(ImageJob.rejectedOf(out))).doesNotExist();
  }

  @Test
  void scoresWhateverThePartitionsWithNoiseOfTheId() throws IOException {
    for (int partitions : new int[] {1, 4}) {
      ImageTable table = table(partitions);
      ImageJob.run(
          spark, models, false, table, new Score(3, 9), out("scored-" + partitions), false);
    }
    List<Row> rows = byId(out("scored-1"));
    assertThat(rows).isEqualTo(byId(out("scored-4")));
    long[] ids = new long[COUNT];
    Arrays.setAll(ids, i -> i);
    Elbo expected = Elbo.ofNumbered(model, images.rows(COUNT), ids, 3, new Seed(9));
    Elbo otherNoise = Elbo.of(model, images.rows(COUNT), 3, new Seed(2), (done, of) -> {});
    double sum = 0;
    for (int i = 0; i < COUNT; i++) {
      assertThat(rows.get(i).getDouble(3)).isCloseTo(expected.of(i), within(1e-2));
      assertThat(rows.get(i).getDouble(5)).isCloseTo(otherNoise.kl()[i], within(1e-4));
      sum += rows.get(i).getDouble(4) - otherNoise.reconstruction()[i];
    }
    assertThat(sum / COUNT).isCloseTo(0, within(5.0));
  }

  @Test
  void generatesFromTheSeedAndTheId() throws IOException {
    var job = new GenerateJob(4, true);
    assertOutcome(job.run(spark, models, false, 1_000, out("generated")), 1_000, 0);
    List<Row> rows = byId(out("generated"));
    Atlas atlas = Atlas.of(model).orElseThrow();
    for (int id : new int[] {0, 239, 240, 999}) {
      float[] z = Prior.draws(new Seed(4), id, 1, 2)[0];
      Row row = rows.get(id);
      assertThat(row.<Float>getList(1)).containsExactly(z[0], z[1]);
      Atlas.Place place = atlas.at(z);
      assertThat(row.getInt(2)).isEqualTo(place.label());
      assertThat(row.getFloat(3)).isCloseTo((float) place.sureness(place.label()), within(1e-5f));
      float[] expected = model.vae().generate(Values.of(new float[][] {z})).row(0);
      byte[] image = (byte[]) row.get(4);
      for (int pixel = 0; pixel < expected.length; pixel++) {
        assertThat((image[pixel] & 0xff) / 255.0)
            .isCloseTo(expected[pixel], within(0.5 / 255 + 1e-5));
      }
    }
    new GenerateJob(4, false).run(spark, models, false, 1_000, out("labels"));
    Dataset<Row> without = spark.read().parquet(out("generated")).drop("image");
    assertThat(without.sort("id").collectAsList()).isEqualTo(byId(out("labels")));
  }

  @Test
  void readsIdxFilesPlainOrPacked() throws IOException {
    String[] packed = {"mnist/t10k-images-idx3-ubyte.gz", "mnist/t10k-labels-idx1-ubyte.gz"};
    ImageTable twice =
        IdxImages.read(spark, List.of(packed[0], packed[0]), List.of(packed[1], packed[1]));
    List<Row> rows = twice.rows().sort("id").collectAsList();
    assertThat(rows).hasSize(20_000);
    for (int i : new int[] {0, 9_999, 10_000, 19_999}) {
      assertThat(rows.get(i).getLong(0)).isEqualTo(i);
      assertThat(rows.get(i).getInt(2)).isEqualTo(images.labels().of(i % 10_000));
      assertThat((byte[]) rows.get(i).get(3)).containsExactly(images.bytes(i % 10_000));
    }
  }

  /** What IdxReader refuses as a whole is refused in parts too, and named. */
  @ParameterizedTest
  @ValueSource(strings = {"cut", "longer", "cut.gz", "flipped.gz", "longer.gz", "missing"})
  void aDamagedIdxFileFailsTheJob(String damage) throws IOException {
    byte[] plain = FileBytes.idx(new byte[30_000 * 784], 30_000, 28, 28);
    byte[] contents = damage.endsWith(".gz") ? FileBytes.gzip(plain) : plain;
    if (damage.startsWith("cut")) {
      contents = Arrays.copyOf(contents, contents.length / 2);
    } else if (damage.startsWith("longer")) {
      byte[] longer = Arrays.copyOf(plain, plain.length + 5);
      contents = damage.endsWith(".gz") ? FileBytes.gzip(longer) : longer;
    } else if (damage.startsWith("flipped")) {
      contents[contents.length - 6] ^= 1; // Of the sum at the end.
    }
    Path file = folder.resolve("damaged-" + damage);
    if (!damage.equals("missing")) {
      Files.write(file, contents);
    }
    assertThatThrownBy(
            () ->
                ImageJob.run(
                    spark,
                    models,
                    false,
                    IdxImages.read(spark, List.of(file.toString()), List.of()),
                    new Encode(),
                    out("of-damaged"),
                    false))
        .hasStackTraceContaining("DataException: " + file + ": ");
    assertThat(left("of-damaged")).isEmpty();
  }

  @Test
  void severalFoldersKeepTheirNames() throws IOException {
    for (String digit : List.of("3", "7")) {
      Path of = Files.createDirectories(folder.resolve("several/" + digit));
      ImageIO.write(
          new BufferedImage(28, 28, BufferedImage.TYPE_BYTE_GRAY),
          "png",
          of.resolve("1.Png").toFile());
    }
    String three = folder.resolve("several/3").toString();
    String seven = folder.resolve("several/7").toString();
    List<Row> rows =
        ImageFolder.read(spark, List.of(three, seven)).rows().sort("path").collectAsList();
    assertThat(rows.stream().map(row -> row.getString(1))).containsExactly("3/1.Png", "7/1.Png");
    assertThat(rows.stream().map(row -> row.getInt(2))).containsExactly(3, 7);
    assertThatThrownBy(() -> ImageFolder.read(spark, List.of(three, three)))
        .hasMessageContaining("expected folders of different names");
    assertThatThrownBy(() -> ImageFolder.read(spark, List.of(three + "/1.Png")))
        .hasMessageContaining("expected a folder, found none");
  }

  @Test
  void anotherModelOnAMachineIsRefused() throws IOException {
    ModelShipment ours = ModelShipment.onEveryMachine(models.newest());
    var strange = new ModelShipment(ours.path(), false, ours.sha256().replace('0', '1'));
    assertThatThrownBy(strange::model)
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("expected the job's model, SHA-256");
  }

  @Test
  void labelsWantAModelWithCodes() throws IOException {
    Path base = folder.resolve("without-codes");
    try (var small = new SmallModel(new NetworkShape(16, 8, 2), 5)) {
      small.publish(base);
    }
    var without = new ModelStore(base);
    assertThatThrownBy(
            () -> new GenerateJob(1, false).run(spark, without, false, 10, out("no-labels")))
        .hasMessageContaining("expected a model with the codes");
    assertOutcome(new GenerateJob(1, true).run(spark, without, false, 10, out("no-labels")), 10, 0);
    assertThat(byId(out("no-labels"))).allMatch(row -> row.isNullAt(2) && row.isNullAt(3));
  }

  @Test
  void readsFoldersOfPicturesAndTellsOfBadOnes() throws IOException {
    Path pictures = folder.resolve("pictures");
    for (int i = 0; i < 30; i++) {
      Path of = Files.createDirectories(pictures.resolve("" + images.labels().of(i)));
      var picture = new BufferedImage(28, 28, BufferedImage.TYPE_BYTE_GRAY);
      picture.getRaster().setDataElements(0, 0, 28, 28, images.bytes(i));
      ImageIO.write(picture, "png", of.resolve(i + ".png").toFile());
    }
    Files.writeString(pictures.resolve("bad.png"), "no picture");
    ImageIO.write(
        new BufferedImage(5, 5, BufferedImage.TYPE_BYTE_GRAY),
        "png",
        pictures.resolve("small.png").toFile());
    ImageTable table = ImageFolder.read(spark, List.of(pictures.toString()));
    var outcome = ImageJob.run(spark, models, false, table, new Encode(), out("files"), false);
    assertOutcome(outcome, 30, 2);
    Posterior expected = model.vae().encode(images.values(0, 30));
    for (Row row : spark.read().parquet(out("files")).collectAsList()) {
      String path = row.getString(1);
      int image = Integer.parseInt(path.replaceAll(".*/|\\.png", ""));
      assertThat(path).isEqualTo(images.labels().of(image) + "/" + image + ".png");
      assertThat(row.getLong(0)).isEqualTo(ImageFolder.id(path));
      assertThat(row.getInt(2)).isEqualTo(images.labels().of(image));
      assertClose(row.getList(3), expected.zMean()[image]);
    }
    List<Row> reasons =
        spark.read().parquet(ImageJob.rejectedOf(out("files"))).sort("path").collectAsList();
    assertThat(reasons.get(0).getString(1)).isEqualTo("bad.png");
    assertThat(reasons.get(0).getString(2)).startsWith("expected a PNG or JPEG image");
    assertThat(reasons.get(1).getString(2))
        .isEqualTo("expected an image of shape [784], found [5,5]");
  }

  /**
   * Models for images of several shapes: from picture files and from IDX as Python encodes them.
   */
  @Test
  void encodesImagesOfAnyShape() throws IOException {
    Path made = PythonModels.of("make_image_vaes.py");
    for (String name : List.of("colour", "batch_of_16", "wide")) {
      Path base = made.resolve(name);
      List<String> expected = Files.readAllLines(base.resolve("codes.csv"));
      var store = new ModelStore(base.resolve("saved"));
      ImageTable files = ImageFolder.read(spark, List.of(base.resolve("images").toString()));
      ImageTable idx =
          IdxImages.read(spark, List.of(base.resolve("images.idx").toString()), List.of());
      for (ImageTable table : List.of(files, idx)) {
        String out = out(name + (table.pixels() == Pixels.FILE ? "-files" : "-idx"));
        ImageJob.Outcome outcome =
            ImageJob.run(spark, store, false, table, new Encode(), out, true);
        assertOutcome(outcome, expected.size(), 0);
        assertThat(outcome.batch()).isEqualTo(name.equals("batch_of_16") ? 16 : 0);
        for (Row row : byId(out)) {
          int image =
              row.isNullAt(1)
                  ? (int) row.getLong(0)
                  : Integer.parseInt(row.getString(1).replace(".png", ""));
          String[] codes = expected.get(image).split(",", -1);
          assertClose(row.getList(3), Float.parseFloat(codes[0]), Float.parseFloat(codes[1]));
          assertClose(row.getList(4), Float.parseFloat(codes[2]), Float.parseFloat(codes[3]));
        }
      }
    }
    var colour = new ModelStore(made.resolve("colour/saved"));
    ImageJob.run(
        spark,
        colour,
        false,
        ImageFolder.read(spark, List.of(made.resolve("colour/images").toString())),
        new Score(2, 1),
        out("colour-scored"),
        true);
    ImageTable wide = ImageFolder.read(spark, List.of(made.resolve("wide/images").toString()));
    assertOutcome(
        ImageJob.run(spark, colour, false, wide, new Encode(), out("too-wide"), false), 0, 20);
    assertThat(spark.read().parquet(ImageJob.rejectedOf(out("too-wide"))).collectAsList())
        .allMatch(
            row ->
                row.getString(2).equals("expected an image of shape [32,32,3], found [20,28,3]"));
    ImageTable wideIdx =
        IdxImages.read(spark, List.of(made.resolve("wide/images.idx").toString()), List.of());
    assertThatThrownBy(
            () -> ImageJob.run(spark, colour, false, wideIdx, new Encode(), out("no"), false))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(
            "images.idx: expected images of shape [32,32,3], as the model takes, found [20,28,3]");
  }

  @Test
  void badRowsOfParquetGoBesideWithTheirReasons() throws IOException {
    List<Float> good = new ArrayList<>();
    for (float value : images.rows(1)[0]) {
      good.add(value);
    }
    List<Float> bad = new ArrayList<>(good);
    bad.set(7, Float.NaN);
    List<Float> large = new ArrayList<>(good);
    large.set(0, 1.5f);
    List<Row> rows =
        List.of(
            RowFactory.create(1L, good),
            RowFactory.create(2L, bad),
            RowFactory.create(3L, large),
            RowFactory.create(4L, null),
            RowFactory.create(5L, good.subList(0, 700)),
            RowFactory.create(null, good));
    var schema =
        new StructType()
            .add("id", DataTypes.LongType, true)
            .add("image", DataTypes.createArrayType(DataTypes.FloatType, true), true);
    spark.createDataFrame(rows, schema).write().parquet(out("mixed"));
    ImageTable table = ParquetImages.read(spark, List.of(out("mixed")));
    assertThatThrownBy(
            () -> ImageJob.run(spark, models, false, table, new Encode(), out("strict"), true))
        .isInstanceOfSatisfying(
            DataException.class,
            e -> assertThat(e.details()).hasSize(5).anyMatch(line -> line.startsWith("id 5: ")));
    assertThat(left("strict")).isEmpty();
    assertOutcome(
        ImageJob.run(spark, models, false, table, new Encode(), out("lenient"), false), 1, 5);
    assertThat(byId(out("lenient")).get(0).<Float>getList(3))
        .hasSize(2)
        .element(0)
        .satisfies(
            z ->
                assertThat(z)
                    .isCloseTo(
                        model.vae().encode(images.values(0, 1)).zMean()[0][0], within(1e-5f)));
    List<String> reasons =
        spark
            .read()
            .parquet(ImageJob.rejectedOf(out("lenient")))
            .sort("id")
            .collectAsList()
            .stream()
            .map(row -> row.getString(2))
            .toList();
    assertThat(reasons)
        .containsExactly(
            "expected an id, found null",
            "expected pixels in [0, 1], found NaN as number 8",
            "expected pixels in [0, 1], found 1.5 as number 1",
            "expected an image, found null",
            "expected an image of 784 values, found 700");
  }

  @Test
  void nothingIsOverwrittenAndNothingIsLeftHalf() throws IOException {
    Path taken = Files.createDirectories(folder.resolve("taken"));
    assertThatThrownBy(
            () -> ImageJob.run(spark, models, false, table(1), new Encode(), "" + taken, false))
        .isInstanceOf(WriteException.class)
        .hasMessageContaining("something is there already");
    assertThatThrownBy(
            () -> new GenerateJob(1, false).run(spark, models, false, 10, out("codes[1]")))
        .isInstanceOf(WriteException.class)
        .hasMessageContaining("a name without any of []{}*? is expected");
    ImageWork failing = new Failing();
    assertThatThrownBy(
            () -> ImageJob.run(spark, models, false, table(1), failing, out("failed"), false))
        .hasStackTraceContaining("model: it fails");
    assertThat(left("failed")).isEmpty();
    assertThatThrownBy(
            () -> ImageJob.run(spark, NOWHERE, false, table(1), new Encode(), out("no"), false))
        .hasMessageContaining("expected a folder with a model, found none");
  }

  /** Work that fails on its second batch. */
  private record Failing() implements ImageWork {
    @Override
    public StructType columns() {
      return new StructType();
    }

    @Override
    public List<List<Object>> of(LoadedModel model, long[] ids, float[][] images, int count)
        throws IOException {
      if (ids[0] >= FixedBatch.ROWS) {
        throw new ModelException(Path.of("model"), "it fails");
      }
      return java.util.Collections.nCopies(count, List.of());
    }
  }

  private static void assertOutcome(ImageJob.Outcome outcome, long rows, long rejected) {
    assertThat(outcome.rows()).isEqualTo(rows);
    assertThat(outcome.rejected()).isEqualTo(rejected);
    assertThat(outcome.seconds()).isPositive();
    assertThat(outcome.taskSeconds()).isPositive();
  }

  private static List<Path> left(String name) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(file -> file.getFileName().toString().startsWith(name)).toList();
    }
  }

  private static ImageTable table(int partitions) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      rows.add(RowFactory.create((long) i, null, images.labels().of(i), images.bytes(i)));
    }
    Dataset<Row> table = spark.createDataFrame(rows, ImageTable.withBytes());
    return new ImageTable(table.repartition(partitions), Pixels.BYTES);
  }

  private static String out(String name) {
    return folder.resolve(name).toString();
  }

  private static List<Row> byId(String parquet) {
    return spark.read().parquet(parquet).collectAsList().stream()
        .sorted(Comparator.comparingLong(row -> row.getLong(0)))
        .toList();
  }

  private static void assertClose(List<Float> found, float... expected) {
    assertThat(found).hasSize(expected.length);
    for (int i = 0; i < expected.length; i++) {
      assertThat(found.get(i)).isCloseTo(expected[i], within(1e-5f));
    }
  }
}

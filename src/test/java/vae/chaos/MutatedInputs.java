package vae.chaos;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPOutputStream;
import javax.imageio.ImageIO;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NameAttrList;
import vae.checkpoint.Tf1Export;
import vae.config.Device;
import vae.files.ModelException;
import vae.imports.Tf1Import;
import vae.metagraph.GraphHints;
import vae.mnist.DataException;
import vae.mnist.ImageList;
import vae.mnist.Images;
import vae.mnist.MnistFiles;
import vae.storage.LoadedModel;
import vae.tensor.Values;
import vae.testing.FileBytes;
import vae.testing.Mutation;
import vae.testing.SmallModel;

/**
 * Reads inputs that chance has spoilt. It ends with 1 at the first that is neither refused as bad
 * data is, nor read as what it says, nor done within a time.
 */
final class MutatedInputs {
  private static final int IMAGES = 40;
  private static final int SIZE = 12;
  private static final int LIMIT_SECONDS = 60;
  private static final long GIB = 1L << 30;

  private final Path folder;
  private final Random random;
  private final byte[] pixels;
  private final byte[] labels;
  private int refused;
  private int read;

  private MutatedInputs(Path folder, Random random) throws IOException {
    this.folder = folder;
    this.random = random;
    this.pixels = new byte[IMAGES * SIZE * SIZE];
    this.labels = new byte[IMAGES];
    random.nextBytes(pixels);
    for (int i = 0; i < IMAGES; i++) {
      labels[i] = (byte) random.nextInt(10);
    }
    writeImageList();
    try (SmallModel model = new SmallModel(1)) {
      Tf1Export.write(model.inSession(), folder.resolve("tf1/model"));
    }
  }

  private interface Input {
    /** Reads it; says whether what was read is right. */
    boolean isRight() throws IOException;
  }

  /** Takes a folder, how many inputs, and a seed. */
  public static void main(String[] args) throws Exception {
    int count = Integer.parseInt(args[1]);
    var inputs = new MutatedInputs(Path.of(args[0]), new Random(Long.parseLong(args[2])));
    ExecutorService reader = Executors.newSingleThreadExecutor();
    inputs.bombs(reader);
    for (int i = 0; i < count; i++) {
      inputs.one(reader, i);
    }
    System.out.printf(
        "%d refused, %d read as what they say, peak %d MiB%n",
        inputs.refused, inputs.read, peakMebibytes());
    System.exit(0);
  }

  private void one(ExecutorService reader, int i) throws Exception {
    switch (i % 4) {
      case 0 -> {
        byte[] packed =
            Mutation.of(FileBytes.gzip(FileBytes.idx(pixels, IMAGES, SIZE, SIZE)), random);
        writeMnist(packed);
        // Gzip has a sum of all: what can be unpacked is what was packed.
        attempt(reader, i, "gzip", () -> isSame(mnist(), IMAGES, pixels));
      }
      case 1 -> {
        byte[] raw = Mutation.of(FileBytes.idx(pixels, IMAGES, SIZE, SIZE), random);
        writeMnist(FileBytes.gzip(raw));
        attempt(reader, i, "IDX", () -> saysWhatItHolds(mnist(), raw));
      }
      case 2 -> {
        Path list = folder.resolve("list/train_labels.txt");
        byte[] before = Files.readAllBytes(list);
        boolean isImage = random.nextInt(3) == 0;
        Path victim = isImage ? folder.resolve("list/" + random.nextInt(IMAGES) + ".png") : list;
        byte[] whole = Files.readAllBytes(victim);
        Files.write(victim, Mutation.of(whole, random));
        attempt(
            reader,
            i,
            "list",
            () -> {
              ImageList read = ImageList.read(list, false, (done, all) -> {});
              return read.count() > 0 && read.pixelsPerImage() == SIZE * SIZE;
            });
        Files.write(victim, whole);
        Files.write(list, before);
      }
      default -> {
        Path meta = folder.resolve("tf1/model.meta");
        byte[] whole = Files.readAllBytes(meta);
        Files.write(meta, Mutation.of(whole, random));
        attempt(
            reader,
            i,
            "meta",
            () -> {
              Tf1Import read = Tf1Import.read(folder.resolve("tf1/model"), GraphHints.NONE);
              try (LoadedModel model = read.restore(Device.CPU)) {
                return model
                        .vae()
                        .generate(Values.of(new float[3][model.vae().latentSize()]))
                        .rows()
                    == 3;
              }
            });
        Files.write(meta, whole);
      }
    }
  }

  /** Small files that unpack to much, or say that they do. */
  private void bombs(ExecutorService reader) throws Exception {
    byte[] gibibytes = gzip(FileBytes.idx(new byte[0], IMAGES, SIZE, SIZE), 3 * GIB);
    writeMnist(gibibytes);
    attempt(reader, -1, "bomb", this::takesABomb);
    writeMnist(gzip(FileBytes.idx(new byte[0], Integer.MAX_VALUE, 28, 28), 2 * GIB));
    attempt(reader, -2, "bomb that says so", this::takesABomb);
    writeMnist(FileBytes.gzip(FileBytes.idx(new byte[0], 1_000_000, 28, 28)));
    attempt(reader, -3, "empty bomb", this::takesABomb);
    writeMnist(FileBytes.gzip(gibibytes));
    attempt(reader, -4, "bomb in a bomb", this::takesABomb);
    Path meta = folder.resolve("tf1/model.meta");
    byte[] whole = Files.readAllBytes(meta);
    Files.write(meta, deep(MetaGraphDef.parseFrom(whole)).toByteArray());
    attempt(
        reader,
        -5,
        "deep meta",
        () -> {
          Tf1Import.read(folder.resolve("tf1/model"), GraphHints.NONE);
          return false;
        });
    Files.write(meta, whole);
  }

  /** With an attribute in an attribute in an attribute. */
  private static MetaGraphDef deep(MetaGraphDef model) {
    AttrValue value = AttrValue.getDefaultInstance();
    for (int i = 0; i < 500; i++) {
      value =
          AttrValue.newBuilder()
              .setFunc(NameAttrList.newBuilder().setName("f").putAttr("a", value))
              .build();
    }
    MetaGraphDef.Builder deep = model.toBuilder();
    deep.getGraphDefBuilder().getNodeBuilder(0).putAttr("a", value);
    return deep.build();
  }

  private boolean takesABomb() throws DataException {
    mnist();
    return false;
  }

  private Images mnist() throws DataException {
    return new MnistFiles(folder.resolve("mnist")).train();
  }

  private void attempt(ExecutorService reader, int number, String kind, Input input)
      throws Exception {
    var task = reader.submit(input::isRight);
    try {
      if (!task.get(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        fail(number, kind, new AssertionError("read, and not what it says"));
      }
      read++;
    } catch (ExecutionException e) {
      Throwable cause = Objects.requireNonNull(e.getCause());
      if (!(cause instanceof DataException) && !(cause instanceof ModelException)) {
        fail(number, kind, cause);
      }
      refused++;
    } catch (TimeoutException e) {
      fail(number, kind, e);
    }
  }

  private static void fail(int number, String kind, Throwable cause) {
    System.out.printf("input %d, %s:%n", number, kind);
    cause.printStackTrace(System.out);
    System.exit(1);
  }

  private static boolean isSame(Images images, int count, byte[] expected) {
    if (images.count() != count) {
      return false;
    }
    int size = images.pixelsPerImage();
    for (int i = 0; i < count; i++) {
      if (!Arrays.equals(images.bytes(i), Arrays.copyOfRange(expected, i * size, (i + 1) * size))) {
        return false;
      }
    }
    return true;
  }

  private static boolean saysWhatItHolds(Images images, byte[] raw) {
    ByteBuffer header = ByteBuffer.wrap(raw);
    int count = header.getInt(4);
    int size = header.getInt(8) * header.getInt(12);
    return images.pixelsPerImage() == size
        && raw.length == 16 + count * size
        && isSame(images, count, Arrays.copyOfRange(raw, 16, raw.length));
  }

  private void writeMnist(byte[] packedImages) throws IOException {
    Path mnist = Files.createDirectories(folder.resolve("mnist"));
    Files.write(mnist.resolve("train-images-idx3-ubyte.gz"), packedImages);
    Files.write(
        mnist.resolve("train-labels-idx1-ubyte.gz"), FileBytes.gzip(FileBytes.idx(labels, IMAGES)));
  }

  private void writeImageList() throws IOException {
    Path list = Files.createDirectories(folder.resolve("list"));
    var lines = new StringBuilder();
    for (int i = 0; i < IMAGES; i++) {
      var image = new BufferedImage(SIZE, SIZE, BufferedImage.TYPE_BYTE_GRAY);
      image
          .getRaster()
          .setDataElements(
              0, 0, SIZE, SIZE, Arrays.copyOfRange(pixels, i * SIZE * SIZE, (i + 1) * SIZE * SIZE));
      ImageIO.write(image, "png", list.resolve(i + ".png").toFile());
      lines.append(i).append(".png ").append(labels[i]).append('\n');
    }
    Files.writeString(list.resolve("train_labels.txt"), lines, StandardCharsets.UTF_8);
  }

  /** The bytes, and so many zeros after them. */
  private static byte[] gzip(byte[] bytes, long zeros) throws IOException {
    var packed = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(packed, 1 << 16)) {
      out.write(bytes);
      byte[] block = new byte[1 << 20];
      for (long written = 0; written < zeros; written += block.length) {
        out.write(block);
      }
    }
    return packed.toByteArray();
  }

  private static long peakMebibytes() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return 0;
    }
    try (var lines = Files.lines(status)) {
      return lines
              .filter(line -> line.startsWith("VmHWM:"))
              .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
              .findFirst()
              .orElse(0)
          >> 10;
    }
  }
}

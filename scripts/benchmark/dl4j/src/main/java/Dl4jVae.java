import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.zip.GZIPInputStream;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.variational.BernoulliReconstructionDistribution;
import org.deeplearning4j.nn.layers.variational.VariationalAutoencoder;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.RmsProp;

/**
 * The tutorial's VAE as Deeplearning4j's own layer has it.
 *
 * <p>Three things differ from the tutorial, and the layer offers no choice: biases start at zero,
 * RMSProp's mean squares at epsilon, and epsilon is added outside the root. The score is the layer's.
 */
public final class Dl4jVae {
  private static final int PIXELS = 784;
  private static final int HIDDEN = 512;
  private static final int LATENT = 2;
  private static final int TEST_IMAGES = 10_000;

  private static MultiLayerNetwork network(long seed) {
    MultiLayerNetwork net = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
        .seed(seed)
        .updater(new RmsProp(1e-3, 0.9, 1e-10))
        .weightInit(WeightInit.RELU)  // normal, of deviation 1/sqrt(fan-in / 2)
        .list()
        .layer(new org.deeplearning4j.nn.conf.layers.variational.VariationalAutoencoder.Builder()
            .nIn(PIXELS).nOut(LATENT)
            .encoderLayerSizes(HIDDEN).decoderLayerSizes(HIDDEN)
            .activation(Activation.TANH)
            .pzxActivationFunction(Activation.IDENTITY)
            .reconstructionDistribution(new BernoulliReconstructionDistribution(Activation.SIGMOID))
            .build())
        .build());
    net.init();
    return net;
  }

  /** Pixels in 0..1, image after image. */
  private static float[] images(Path file) throws IOException {
    try (DataInputStream in = new DataInputStream(
        new BufferedInputStream(new GZIPInputStream(Files.newInputStream(file))))) {
      if (in.readInt() != 2051) {
        throw new IOException(file + ": expected an IDX file of images");
      }
      int count = in.readInt();
      in.skipBytes(8);
      byte[] bytes = new byte[count * PIXELS];
      in.readFully(bytes);
      float[] pixels = new float[bytes.length];
      for (int i = 0; i < bytes.length; i++) {
        pixels[i] = (bytes[i] & 0xff) / 255f;
      }
      return pixels;
    }
  }

  /** Batches without end, in a new order each time round. */
  private static Supplier<INDArray> batches(float[] images, int batch, long seed) {
    int count = images.length / PIXELS;
    int[] order = new int[count];
    Arrays.setAll(order, i -> i);
    Random random = new Random(seed);
    return new Supplier<>() {
      private int next = count;

      @Override
      public INDArray get() {
        if (next + batch > count) {
          for (int i = count - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int image = order[i];
            order[i] = order[j];
            order[j] = image;
          }
          next = 0;
        }
        float[] pixels = new float[batch * PIXELS];
        for (int i = 0; i < batch; i++) {
          System.arraycopy(images, order[next++] * PIXELS, pixels, i * PIXELS, PIXELS);
        }
        return Nd4j.create(pixels, batch, PIXELS);
      }
    };
  }

  private static double step(MultiLayerNetwork net, INDArray batch) {
    net.pretrainLayer(0, batch);
    return net.getLayer(0).score();
  }

  private static void train(Options options) throws IOException {
    MultiLayerNetwork net = network(options.seed());
    Supplier<INDArray> batches = batches(options.trainImages(), options.number("batch", 64), options.seed());
    double loss = step(net, batches.get());
    double firstStep = System.currentTimeMillis() / 1000.0;
    for (int i = 1; i < options.number("warmup", 0); i++) {
      step(net, batches.get());
    }
    int steps = options.number("steps", 1000);
    long start = System.nanoTime();
    for (int i = 0; i < steps; i++) {
      loss = step(net, batches.get());
    }
    System.out.printf("{\"task\":\"train\",\"first_step\":%.3f,\"steps_per_s\":%.2f,\"loss\":%.4f}%n",
        firstStep, steps / seconds(start), loss);
  }

  private static void job(Options options) throws IOException {
    MultiLayerNetwork net = network(options.seed());
    Supplier<INDArray> batches = batches(options.trainImages(), options.number("batch", 64), options.seed());
    int steps = options.number("steps", 30_000);
    double[] losses = new double[10];
    int looked = 0;
    double loss = Double.NaN;
    for (int i = 1; i <= steps; i++) {
      loss = step(net, batches.get());
      if (i % 1000 == 0) {
        losses[looked++ % losses.length] = loss;
      }
    }
    Path out = Files.createDirectories(Path.of(options.text("out")));
    for (Map.Entry<String, INDArray> parameter : net.paramTable().entrySet()) {
      float[] values = parameter.getValue().dup('c').data().asFloat();
      ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asFloatBuffer().put(values);
      Files.write(out.resolve(parameter.getKey() + ".f32"), bytes.array());
    }
    System.out.printf("{\"task\":\"job\",\"loss\":%.4f}%n", looked == 0 ? loss
        : Arrays.stream(losses).limit(looked).average().getAsDouble());
  }

  private static void infer(Options options) throws IOException {
    MultiLayerNetwork net = network(1);
    VariationalAutoencoder vae = (VariationalAutoencoder) net.getLayer(0);
    INDArray one = Nd4j.randn(1, LATENT);
    double[] times = new double[3000];
    for (int i = -300; i < times.length; i++) {
      long start = System.nanoTime();
      vae.generateAtMeanGivenZ(one).data().asFloat();  // as a user takes it: out of ND4J
      if (i >= 0) {
        times[i] = 1e6 * seconds(start);
      }
    }
    Arrays.sort(times);
    INDArray few = Nd4j.randn(400, LATENT);
    INDArray many = Nd4j.randn(TEST_IMAGES, LATENT);
    INDArray test = Nd4j.create(images(options.data().resolve("t10k-images-idx3-ubyte.gz")),
        TEST_IMAGES, PIXELS);
    System.out.printf("{\"task\":\"infer\",\"one_p50_us\":%.2f,\"one_p99_us\":%.2f,"
            + "\"decode400_per_s\":%.0f,\"decode10000_per_s\":%.0f,\"encode10000_per_s\":%.0f}%n",
        times[times.length / 2], times[times.length * 99 / 100],
        400 / median(41, () -> vae.generateAtMeanGivenZ(few).data().asFloat()),
        TEST_IMAGES / median(9, () -> vae.generateAtMeanGivenZ(many).data().asFloat()),
        TEST_IMAGES / median(9, () ->  // means only: the layer gives no variances
            vae.activate(test, false, LayerWorkspaceMgr.noWorkspaces()).data().asFloat()));
  }

  private static double median(int repeats, Runnable call) {
    double[] times = new double[repeats];
    for (int i = -2; i < times.length; i++) {
      long start = System.nanoTime();
      call.run();
      if (i >= 0) {
        times[i] = seconds(start);
      }
    }
    Arrays.sort(times);
    return times[times.length / 2];
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  /** The command line: a task and pairs {@code --name value}. */
  private static final class Options {
    private final Map<String, String> values = new HashMap<>();

    Options(String[] args) {
      for (int i = 1; i + 1 < args.length; i += 2) {
        values.put(args[i].substring(2), args[i + 1]);
      }
    }

    String text(String name) {
      if (!values.containsKey(name)) {
        throw new IllegalArgumentException("--" + name + " is wanted");
      }
      return values.get(name);
    }

    int number(String name, int otherwise) {
      return Integer.parseInt(values.getOrDefault(name, "" + otherwise));
    }

    long seed() {
      return number("seed", 1);
    }

    Path data() {
      return Path.of(text("data"));
    }

    float[] trainImages() throws IOException {
      return images(data().resolve("train-images-idx3-ubyte.gz"));
    }
  }

  public static void main(String[] args) throws IOException {
    Options options = new Options(args);
    switch (args.length == 0 ? "" : args[0]) {
      case "train" -> train(options);
      case "infer" -> infer(options);
      case "job" -> job(options);
      default -> throw new IllegalArgumentException("expected train, infer or job");
    }
    System.exit(0);  // ND4J's threads stay
  }
}

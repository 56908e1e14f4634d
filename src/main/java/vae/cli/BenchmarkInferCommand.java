package vae.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.commons.io.FileUtils;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import vae.config.Device;
import vae.config.Seed;
import vae.config.Seed.Purpose;
import vae.config.TrainingPlan;
import vae.files.ModelException;
import vae.functions.ModelInSession;
import vae.mnist.Images;
import vae.model.VaeGraph;
import vae.runtime.Sessions;
import vae.storage.LoadedModel;
import vae.storage.ModelStore;
import vae.storage.SavedModelWriter;
import vae.tensor.Values;

/** {@code benchmark infer}: what decoding and encoding take, from arrays to arrays. */
@Command(
    name = "infer",
    description = "Decode 1, 400 and 10,000 z and encode the test images, with fresh weights.")
final class BenchmarkInferCommand implements Callable<Integer> {
  private static final int ONES = 3_000;
  private static final int WARM_ONES = 300;
  private static final int REPEATS_OF_SOME = 41;
  private static final int REPEATS_OF_MANY = 9;
  private static final Seed SEED = new Seed(1);
  private static final double NANOS = 1e9;
  private static final double NANOS_IN_MICRO = 1e3;

  @Mixin private MnistOption mnist;
  @Mixin private DeviceOption deviceOption;

  /** Work to be timed. */
  @FunctionalInterface
  private interface Work {
    void run() throws ModelException;
  }

  @Override
  public Integer call() throws IOException {
    Device device = deviceOption.startTensorFlow();
    Images test = mnist.files().test();
    Values images = test.values(0, test.count());
    Path folder = Files.createTempDirectory("vae-benchmark-");
    try (LoadedModel model = LoadedModel.open(freshModel(folder, device), device)) {
      int latent = model.vae().latentSize();
      Values one = noise(1, latent);
      double[] micros = new double[ONES];
      for (int i = -WARM_ONES; i < ONES; i++) {
        double seconds = seconds(() -> model.vae().generate(one));
        if (i >= 0) {
          micros[i] = seconds * NANOS / NANOS_IN_MICRO;
        }
      }
      Arrays.sort(micros);
      Values some = noise(400, latent);
      Values many = noise(10_000, latent);
      double decodeSome = perSecond(some.rows(), REPEATS_OF_SOME, () -> model.vae().generate(some));
      double decodeMany = perSecond(many.rows(), REPEATS_OF_MANY, () -> model.vae().generate(many));
      double encodeMany =
          perSecond(images.rows(), REPEATS_OF_MANY, () -> model.vae().encode(images));
      JsonLine.print(
          json -> {
            json.writeStringField("task", "infer");
            json.writeNumberField("one_p50_us", micros[ONES / 2]);
            json.writeNumberField("one_p99_us", micros[ONES * 99 / 100]);
            json.writeNumberField("decode400_per_s", decodeSome);
            json.writeNumberField("decode10000_per_s", decodeMany);
            json.writeNumberField("encode10000_per_s", encodeMany);
          });
      return ExitCode.OK;
    } finally {
      FileUtils.deleteDirectory(folder.toFile());
    }
  }

  /** What the weights are doesn't change how long they take. */
  private static Path freshModel(Path folder, Device device) throws IOException {
    try (Graph graph = new Graph()) {
      VaeGraph vae = VaeGraph.build(graph, TrainingPlan.tutorial(SEED));
      try (Session session = new Session(graph, Sessions.config(device))) {
        session.initialize();
        return new ModelStore(folder)
            .publish(
                staged ->
                    SavedModelWriter.write(
                        ModelInSession.of(vae, session),
                        Optional.empty(),
                        Optional.empty(),
                        staged));
      }
    }
  }

  private static double perSecond(int count, int repeats, Work work) throws ModelException {
    double[] seconds = new double[repeats];
    work.run();
    for (int i = 0; i < repeats; i++) {
      seconds[i] = seconds(work);
    }
    Arrays.sort(seconds);
    return count / seconds[repeats / 2];
  }

  private static double seconds(Work work) throws ModelException {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / NANOS;
  }

  private static Values noise(int count, int latent) {
    float[][] noise = new float[count][latent];
    for (int i = 0; i < count; i++) {
      SEED.fillNormal(Purpose.PROBE, i, noise[i]);
    }
    return Values.of(noise);
  }
}

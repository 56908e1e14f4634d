package vae.tools;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.io.FileUtils;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import vae.config.Device;
import vae.config.Seed;
import vae.config.TrainingPlan;
import vae.files.ModelException;
import vae.functions.ModelInSession;
import vae.functions.VaeFunctions;
import vae.mnist.Images;
import vae.model.VaeGraph;
import vae.runtime.Sessions;
import vae.storage.LoadedModel;
import vae.storage.ModelStore;
import vae.storage.SavedModelWriter;
import vae.tensor.Values;

/** What decoding and encoding take, from arrays to arrays. */
public final class InferenceBenchmark {
  private static final int ONES = 3_000;
  private static final int WARM_ONES = 300;
  private static final int REPEATS_OF_SOME = 41;
  private static final int REPEATS_OF_MANY = 9;
  private static final double NANOS = 1e9;
  private static final double NANOS_IN_MICRO = 1e3;

  private InferenceBenchmark() {}

  /** Work to be timed. */
  @FunctionalInterface
  private interface Work {
    void run() throws ModelException;
  }

  /** Measures a model with fresh weights: figures by name, times in µs, rates a second. */
  public static Map<String, Object> run(Images test, Device device) throws IOException {
    Path folder = Files.createTempDirectory("vae-benchmark-");
    try (LoadedModel model = LoadedModel.open(freshModel(folder, device), device)) {
      VaeFunctions vae = model.vae();
      Values one = noise(1, vae);
      double[] micros = new double[ONES];
      for (int i = -WARM_ONES; i < ONES; i++) {
        double seconds = seconds(() -> vae.generate(one));
        if (i >= 0) {
          micros[i] = seconds * NANOS / NANOS_IN_MICRO;
        }
      }
      Arrays.sort(micros);
      Values some = noise(400, vae);
      Values many = noise(10_000, vae);
      Values images = test.values(0, test.count());
      Map<String, Object> found = new LinkedHashMap<>();
      found.put("one_p50_us", micros[ONES / 2]);
      found.put("one_p99_us", micros[ONES * 99 / 100]);
      found.put("decode400_per_s", perSecond(some, REPEATS_OF_SOME, () -> vae.generate(some)));
      found.put("decode10000_per_s", perSecond(many, REPEATS_OF_MANY, () -> vae.generate(many)));
      found.put("encode10000_per_s", perSecond(images, REPEATS_OF_MANY, () -> vae.encode(images)));
      return found;
    } finally {
      FileUtils.deleteDirectory(folder.toFile());
    }
  }

  /** What the weights are doesn't change how long they take. */
  private static Path freshModel(Path folder, Device device) throws IOException {
    try (Graph graph = new Graph()) {
      VaeGraph vae = VaeGraph.build(graph, TrainingPlan.tutorial(new Seed(1)));
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

  /** Rows a second: the median of some repeats. */
  private static double perSecond(Values rows, int repeats, Work work) throws ModelException {
    double[] seconds = new double[repeats];
    work.run();
    for (int i = 0; i < repeats; i++) {
      seconds[i] = seconds(work);
    }
    Arrays.sort(seconds);
    return rows.rows() / seconds[repeats / 2];
  }

  private static double seconds(Work work) throws ModelException {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / NANOS;
  }

  private static Values noise(int count, VaeFunctions vae) throws ModelException {
    return Values.of(Probe.noise(0, count, vae.latentSize()));
  }
}

package vae.tf1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TFOutOfRangeException;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.QueueRunnerDef;
import org.tensorflow.types.TFloat32;
import vae.config.Device;
import vae.config.Seed;
import vae.config.TrainingPlan;
import vae.mnist.Images;
import vae.mnist.MnistFiles;
import vae.model.VaeGraph;
import vae.picture.Png;
import vae.runtime.Sessions;

/** The pipeline's graph and what runs it, on MNIST's own images as PNG files. */
@Timeout(60)
class InputPipelineTest {
  private static final int COUNT = 200;
  private static final int PIXELS = 784;

  @TempDir private static Path folder;
  private static Images images;
  private static List<String> paths;
  private static int[] labels;

  /** One example of a batch. */
  private record Example(List<Float> pixels, List<Float> oneHot) {}

  @BeforeAll
  static void writeImages() throws IOException {
    images = new MnistFiles(Path.of("mnist")).train();
    paths = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      Path file = folder.resolve(i + ".png");
      Files.write(file, Png.encode(images.bytes(i), images.shape().width()));
      paths.add(file.toString());
    }
    labels = IntStream.range(0, COUNT).map(images.labels()::of).toArray();
  }

  @Test
  void eachEpochHoldsEachImageOnceWithItsLabelAndThePixelsOfTheIdxFile() {
    List<Example> expected = IntStream.range(0, COUNT).mapToObj(InputPipelineTest::idx).toList();
    try (Run run = new Run(paths, labels, PIXELS, 40, 1)) {
      List<Example> first = run.examples(COUNT / 40);
      List<Example> second = run.examples(COUNT / 40);
      assertThat(first).containsExactlyInAnyOrderElementsOf(expected).isNotEqualTo(expected);
      assertThat(second).containsExactlyInAnyOrderElementsOf(expected).isNotEqualTo(first);
    }
  }

  @Test
  void severalReadersLoseNothing() {
    List<Example> expected = IntStream.range(0, COUNT).mapToObj(InputPipelineTest::idx).toList();
    try (Run run = new Run(paths, labels, PIXELS, 40, 4)) {
      assertThat(run.examples(3 * COUNT / 40)).containsAll(expected);
    }
  }

  @Test
  void aSeedDecidesTheOrderWhereOneReaderKeepsIt() {
    List<List<Example>> runs = new ArrayList<>();
    for (long seed : new long[] {7, 7, 8}) {
      try (Run run = new Run(paths, labels, PIXELS, 40, 1, seed, runner -> true)) {
        runs.add(run.examples(2));
      }
    }
    assertThat(runs.get(1)).isEqualTo(runs.get(0));
    assertThat(runs.get(2)).isNotEqualTo(runs.get(0));
  }

  @Test
  void everyByteIsItsQuotientBy255ToTheBit() throws IOException {
    byte[] all = new byte[256];
    for (int i = 0; i < 256; i++) {
      all[i] = (byte) i;
    }
    Path file = Files.write(folder.resolve("all.png"), Png.encode(all, 16));
    try (Run run = new Run(List.of(file.toString()), new int[] {3}, 256, 1, 1)) {
      List<Float> pixels = run.examples(1).get(0).pixels();
      for (int i = 0; i < 256; i++) {
        assertThat(pixels.get(i)).isEqualTo(i / 255f);
      }
    }
  }

  @Test
  void jpegIsReadToo() throws IOException {
    var image = new BufferedImage(16, 16, BufferedImage.TYPE_BYTE_GRAY);
    image.getRaster().setSample(0, 0, 0, 255);
    Path file = folder.resolve("one.jpg");
    assertThat(ImageIO.write(image, "jpg", file.toFile())).isTrue();
    try (Run run = new Run(List.of(file.toString()), new int[] {3}, 256, 1, 1)) {
      List<Float> pixels = run.examples(1).get(0).pixels();
      assertThat(pixels.get(0)).isGreaterThan(0.5f);
      assertThat(pixels.get(255)).isLessThan(0.1f);
    }
  }

  @Test
  void itsNamesAndCollectionsAreThoseOfPythonsTf1() throws IOException {
    try (Graph graph = new Graph()) {
      // In a graph that has the model, as a meta graph has.
      VaeGraph.build(graph, TrainingPlan.tutorial(new Seed(1)));
      var pipeline =
          InputPipeline.build(graph, new InputPipeline.Source(paths, labels, PIXELS, 64, 2, 1));
      assertThat(pipeline.images().op().name()).isEqualTo("batch");
      assertThat(pipeline.oneHot().op().name()).isEqualTo("one_hot");
      assertThat(pipeline.collections()).containsOnlyKeys("queue_runners", "summaries");
      var metaGraph = MetaGraphDef.newBuilder().putAllCollectionDef(pipeline.collections()).build();
      assertThat(metaGraph.getCollectionDefOrThrow("summaries").getNodeList().getValueList())
          .containsExactly(
              "input_producer/input_producer/fraction_of_32_full:0",
              "batch/fraction_of_512_full:0");
      List<QueueRunnerDef> runners = new ArrayList<>();
      for (var bytes :
          metaGraph.getCollectionDefOrThrow("queue_runners").getBytesList().getValueList()) {
        runners.add(QueueRunnerDef.parseFrom(bytes));
      }
      assertThat(runners)
          .containsExactly(
              runner(
                  "input_producer/input_producer",
                  "input_producer/input_producer/input_producer",
                  "_EnqueueMany"),
              runner("batch/fifo_queue", "batch/fifo_queue", "_enqueue", "_enqueue"));
      for (QueueRunnerDef runner : runners) {
        Stream.concat(
                Stream.of(runner.getQueueName(), runner.getCloseOpName(), runner.getCancelOpName()),
                runner.getEnqueueOpNameList().stream())
            .forEach(name -> assertThat(graph.operation(name)).as(name).isNotNull());
      }
    }
  }

  @Test
  void closingEndsAllThreadsAlsoWhereTheQueuesAreFull() throws InterruptedException {
    Run run = new Run(paths, labels, PIXELS, 40, 3);
    run.examples(1);
    Thread.sleep(200); // Time for the queues to fill, and the threads to wait at them.
    assertThat(pipelineThreads()).hasSize(4);
    run.close();
    assertThat(pipelineThreads()).isEmpty();
  }

  @Test
  void aVanishedFileStopsAllAndIsNamed() {
    List<String> withOneGone = new ArrayList<>(paths);
    String gone = folder.resolve("gone.png").toString();
    withOneGone.set(17, gone);
    try (Run run = new Run(withOneGone, labels, PIXELS, 40, 3)) {
      assertThatThrownBy(() -> run.examples(1_000)).isInstanceOf(TFOutOfRangeException.class);
      assertThat(run.queueRunners.failure())
          .hasValueSatisfying(
              e -> assertThat(e).hasMessageContaining(gone + "; No such file or directory"));
    }
    assertThat(pipelineThreads()).isEmpty();
  }

  @Test
  void whereTheIndicesEndTheBatchesEndAfterTheLastImage() {
    List<Example> expected = IntStream.range(0, COUNT).mapToObj(InputPipelineTest::idx).toList();
    try (Run run = new Run(paths, labels, PIXELS, 40, 2, 1, InputPipelineTest::isBatches)) {
      // One epoch by hand; the readers take what does not fit into the queue.
      QueueRunnerDef indices = run.pipeline.runners().get(0);
      run.session.run(indices.getEnqueueOpName(0));
      run.session.run(indices.getCloseOpName());
      assertThat(run.examples(COUNT / 40)).containsExactlyInAnyOrderElementsOf(expected);
      assertThatThrownBy(() -> run.examples(1)).isInstanceOf(TFOutOfRangeException.class);
      assertThat(run.queueRunners.failure()).isEmpty();
    }
  }

  private static boolean isBatches(QueueRunnerDef runner) {
    return runner.getQueueName().startsWith("batch/");
  }

  private static QueueRunnerDef runner(String queue, String base, String... enqueues) {
    return QueueRunnerDef.newBuilder()
        .setQueueName(queue)
        .addAllEnqueueOpName(Stream.of(enqueues).map(enqueue -> base + enqueue).toList())
        .setCloseOpName(base + "_Close")
        .setCancelOpName(base + "_Close_1")
        .addQueueClosedExceptionTypesValue(11)
        .build();
  }

  private static List<Thread> pipelineThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().contains("nqueue"))
        .toList();
  }

  private static Example idx(int image) {
    float[] pixels = new float[PIXELS];
    images.copyPixels(image, pixels, 0);
    int label = images.labels().of(image);
    return new Example(
        boxed(pixels, 0, PIXELS),
        IntStream.range(0, 10).mapToObj(digit -> digit == label ? 1f : 0f).toList());
  }

  private static List<Float> boxed(float[] values, int from, int count) {
    return IntStream.range(from, from + count).mapToObj(i -> values[i]).toList();
  }

  private static final class Run implements AutoCloseable {
    private final int pixels;
    private final int batchSize;
    private final Graph graph = new Graph();
    final InputPipeline pipeline;
    final Session session;
    final QueueRunners queueRunners;

    Run(List<String> paths, int[] labels, int pixels, int batchSize, int readers) {
      this(paths, labels, pixels, batchSize, readers, 1, runner -> true);
    }

    Run(
        List<String> paths,
        int[] labels,
        int pixels,
        int batchSize,
        int readers,
        long seed,
        Predicate<QueueRunnerDef> started) {
      this.pixels = pixels;
      this.batchSize = batchSize;
      pipeline =
          InputPipeline.build(
              graph, new InputPipeline.Source(paths, labels, pixels, batchSize, readers, seed));
      session = new Session(graph, Sessions.config(Device.CPU));
      queueRunners =
          QueueRunners.start(session, pipeline.runners().stream().filter(started).toList());
    }

    List<Example> examples(int batches) {
      List<Example> examples = new ArrayList<>();
      for (int batch = 0; batch < batches; batch++) {
        try (Result result =
            session.runner().fetch(pipeline.images()).fetch(pipeline.oneHot()).run()) {
          float[] x = values(result, 0, batchSize * pixels);
          float[] y = values(result, 1, batchSize * 10);
          for (int i = 0; i < batchSize; i++) {
            examples.add(new Example(boxed(x, i * pixels, pixels), boxed(y, i * 10, 10)));
          }
        }
      }
      return examples;
    }

    private static float[] values(Result result, int output, int count) {
      float[] values = new float[count];
      ((TFloat32) result.get(output)).asRawTensor().data().asFloats().read(values);
      return values;
    }

    @Override
    public void close() {
      queueRunners.close();
      session.close();
      graph.close();
    }
  }
}

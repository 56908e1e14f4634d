package vae.tf1;

import static vae.tf1.Tf1Names.BATCH;
import static vae.tf1.Tf1Names.FIFO_QUEUE;
import static vae.tf1.Tf1Names.INPUT_PRODUCER;
import static vae.tf1.Tf1Names.ONE_HOT;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.image.DecodePng;
import org.tensorflow.op.io.FifoQueue;
import org.tensorflow.op.io.QueueClose;
import org.tensorflow.op.io.QueueDequeueMany;
import org.tensorflow.op.random.RandomShuffle;
import org.tensorflow.proto.CollectionDef;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.QueueRunnerDef;
import org.tensorflow.proto.error.Code;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TString;
import org.tensorflow.types.TUint8;

/**
 * The tutorial's {@code read_images}, in the graph: {@code tf.train.slice_input_producer}, which
 * gives every image once an epoch in a new order, then reading and decoding, then {@code
 * tf.train.batch}. {@link QueueRunners} here, and {@code tf.train.start_queue_runners} in Python,
 * keep it running.
 *
 * @param images a batch, in [0, 1], [batch, pixels]; each run takes the next one
 * @param oneHot the labels of the same batch, [batch, 10], or as many as there are classes
 * @param runners what keeps the queues filled
 * @param summaries the tensors that tell how full the queues are
 */
public record InputPipeline(
    Operand<TFloat32> images,
    Operand<TFloat32> oneHot,
    List<QueueRunnerDef> runners,
    List<String> summaries) {
  private static final int DIGITS = 10;

  /** As many indices as TF1 has ready. */
  private static final int INDICES = 32;

  private static final int BATCHES = 8;

  /** With it, no seed of the user's makes the pair that TensorFlow takes for "none given". */
  private static final long SECOND_SEED = 1;

  /**
   * What a pipeline reads, and how.
   *
   * @param paths of PNG or JPEG files
   * @param labels one a path, from 0 on
   * @param pixels in each image
   * @param batchSize images in a batch
   * @param readers how many threads read and decode; with more than one, images come in no certain
   *     order, and some may pass the end of an epoch
   * @param seed where the order comes from
   */
  public record Source(
      List<String> paths, int[] labels, int pixels, int batchSize, int readers, long seed) {}

  /**
   * Adds the pipeline to a graph, once. The names {@code input_producer}, {@code batch} and {@code
   * one_hot} must be free.
   */
  public static InputPipeline build(Graph graph, Source source) {
    Ops tf = Ops.create(graph);

    Ops producer = tf.withSubScope(INPUT_PRODUCER);
    Ops indexing = producer.withSubScope(INPUT_PRODUCER);
    var indices =
        InputQueue.add(
            graph,
            indexing,
            INPUT_PRODUCER + "/" + INPUT_PRODUCER,
            INPUT_PRODUCER,
            INDICES,
            new DataType[] {DataType.DT_INT32},
            Shape.scalar());
    var range = indexing.range(tf.constant(0), tf.constant(source.paths().size()), tf.constant(1));
    var shuffled =
        indexing.random.randomShuffle(
            range, RandomShuffle.seed(source.seed()), RandomShuffle.seed2(SECOND_SEED));
    Op indicesAdded =
        indexing
            .withName(INPUT_PRODUCER + "_EnqueueMany")
            .io
            .queueEnqueueMany(indices.queue(), List.of(shuffled));
    Operand<TInt32> index =
        producer
            .withName(INPUT_PRODUCER + "_Dequeue")
            .io
            .queueDequeue(indices.queue(), List.of(TInt32.class))
            .components()
            .get(0)
            .expect(TInt32.class);
    var axis = tf.constant(0);
    var path = producer.gather(producer.array(source.paths().toArray(String[]::new)), index, axis);
    var label = producer.gather(producer.constant(source.labels()), index, axis);

    var image = decode(tf, path, source.pixels());

    Ops batching = tf.withSubScope(BATCH);
    var examples =
        InputQueue.add(
            graph,
            batching,
            BATCH + "/" + FIFO_QUEUE,
            FIFO_QUEUE,
            source.batchSize() * BATCHES,
            new DataType[] {DataType.DT_FLOAT, DataType.DT_INT32},
            Shape.of(source.pixels()),
            Shape.scalar());
    Op exampleAdded =
        batching
            .withName(FIFO_QUEUE + "_enqueue")
            .io
            .queueEnqueue(examples.queue(), List.of(image, label));

    var runners =
        List.of(indices.runner(indicesAdded, 1), examples.runner(exampleAdded, source.readers()));
    var summaries = List.of(indices.summary(), examples.summary());
    var batch = dequeueMany(graph, examples, batching.constant(source.batchSize()));
    return new InputPipeline(
        batch.components().get(0).expect(TFloat32.class),
        tf.withName(ONE_HOT)
            .oneHot(
                batch.components().get(1).expect(TInt32.class),
                tf.constant(Math.max(DIGITS, IntStream.of(source.labels()).max().orElse(0) + 1)),
                tf.constant(1f),
                tf.constant(0f)),
        runners,
        summaries);
  }

  /**
   * A meta graph with a pipeline added to its graph and its collections.
   *
   * @throws IllegalArgumentException if one of the pipeline's names is taken
   */
  public static MetaGraphDef addTo(MetaGraphDef metaGraph, Source source) {
    try (Graph graph = new Graph()) {
      graph.importGraphDef(metaGraph.getGraphDef());
      InputPipeline pipeline = build(graph, source);
      return metaGraph.toBuilder()
          .setGraphDef(graph.toGraphDef())
          .putAllCollectionDef(pipeline.collections())
          .build();
    }
  }

  /** What the pipeline adds to a meta graph's collections. */
  public Map<String, CollectionDef> collections() {
    return Map.of(
        Tf1Names.QUEUE_RUNNERS,
        GraphCollections.ofProtos(runners),
        Tf1Names.SUMMARIES,
        GraphCollections.ofNodes(summaries.toArray(String[]::new)));
  }

  /** A file's pixels as pixel/255, [pixels]; DecodePng knows JPEG too. */
  private static Operand<TFloat32> decode(Ops tf, Operand<TString> path, int pixels) {
    var decoded = tf.image.decodePng(tf.io.readFile(path), TUint8.class, DecodePng.channels(1L));
    var flat = tf.reshape(decoded, tf.array(pixels));
    // TensorFlow turns a division by a constant into a product with its inverse. In float32 that
    // misses pixel/255 by a bit for every other value of a byte; rounded from float64, for none.
    var unit = tf.math.realDiv(tf.dtypes.cast(flat, TFloat64.class), tf.constant(255.0));
    return tf.dtypes.cast(unit, TFloat32.class);
  }

  private static QueueDequeueMany dequeueMany(
      Graph graph, InputQueue examples, Operand<TInt32> batchSize) {
    // An op builder, because the op has the name of a scope.
    return new QueueDequeueMany(
        graph
            .opBuilder(QueueDequeueMany.OP_NAME, BATCH, graph.baseScope())
            .addInput(examples.queue().asOutput())
            .addInput(batchSize.asOutput())
            .setAttr("component_types", new DataType[] {DataType.DT_FLOAT, DataType.DT_INT32})
            .build());
  }

  /**
   * A FIFO queue as TF1's {@code tf.train} makes them: beside it the ops that close it, the summary
   * that tells how full it is, and the definition of what runs it.
   *
   * @param queue the queue's op
   * @param tf the scope of the ops beside it
   * @param base how their names begin
   * @param capacity how many elements it holds
   */
  private record InputQueue(FifoQueue queue, Ops tf, String base, int capacity) {

    /**
     * Adds a queue to a graph.
     *
     * @param name of its op, with its scope
     * @param types of an element's components
     * @param shapes of an element's components
     */
    static InputQueue add(
        Graph graph,
        Ops tf,
        String name,
        String base,
        int capacity,
        DataType[] types,
        Shape... shapes) {
      // An op builder, because the first queue has the very name of its scope.
      var queue =
          new FifoQueue(
              graph
                  .opBuilder(FifoQueue.OP_NAME, name, graph.baseScope())
                  .setDevice("/device:CPU:*")
                  .setAttr("component_types", types)
                  .setAttr("shapes", shapes)
                  .setAttr("capacity", capacity)
                  .build());
      return new InputQueue(queue, tf, base, capacity);
    }

    /** Adds the ops that close the queue; {@code enqueue} is to be run by so many threads. */
    QueueRunnerDef runner(Op enqueue, int threads) {
      Ops close = tf.withName(base + "_Close");
      Op closed = close.io.queueClose(queue);
      Op cancelled = close.io.queueClose(queue, QueueClose.cancelPendingEnqueues(true));
      return QueueRunnerDef.newBuilder()
          .setQueueName(queue.op().name())
          .addAllEnqueueOpName(Collections.nCopies(threads, enqueue.op().name()))
          .setCloseOpName(closed.op().name())
          .setCancelOpName(cancelled.op().name())
          .addQueueClosedExceptionTypes(Code.OUT_OF_RANGE)
          .build();
    }

    /** Adds the summary; gives its tensor's name. */
    String summary() {
      Operand<TFloat32> size =
          tf.dtypes.cast(tf.withName(base + "_Size").io.queueSize(queue), TFloat32.class);
      String name = "fraction_of_%d_full".formatted(capacity);
      String scope = size.op().name().substring(0, size.op().name().lastIndexOf('/') + 1);
      var summary =
          tf.withName(name)
              .summary
              .scalarSummary(
                  tf.constant(scope + name), tf.math.mul(size, tf.constant(1f / capacity)));
      return Tf1Names.tensor(summary.op().name());
    }
  }
}

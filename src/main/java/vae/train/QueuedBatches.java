package vae.train;

import java.util.Optional;
import java.util.stream.IntStream;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.types.TFloat32;
import vae.config.Device;
import vae.config.Seed;
import vae.config.Seed.Purpose;
import vae.mnist.DataException;
import vae.mnist.ImageList;
import vae.runtime.FloatTensors;
import vae.runtime.Sessions;
import vae.runtime.TensorFlowFailure;
import vae.tf1.InputPipeline;
import vae.tf1.QueueRunners;

/**
 * Batches of an image list, read and decoded by TensorFlow's ops and queued by threads, as in the
 * tutorial. The pipeline has a graph and a session of its own, so that the model's graph, which is
 * saved, has neither queues nor paths.
 */
public final class QueuedBatches implements Batches {
  /** Threads that read and decode. */
  private static final int READERS = Runtime.getRuntime().availableProcessors();

  private final ImageList list;
  private final Graph graph;
  private final InputPipeline pipeline;
  private final Session session;
  private final QueueRunners runners;

  private QueuedBatches(ImageList list, Graph graph, InputPipeline pipeline, Session session) {
    this.list = list;
    this.graph = graph;
    this.pipeline = pipeline;
    this.session = session;
    this.runners = QueueRunners.start(session, pipeline.runners());
  }

  /** Starts reading at once. */
  public static QueuedBatches start(ImageList list, int batchSize, Seed seed) {
    Graph graph = new Graph();
    try {
      InputPipeline pipeline = InputPipeline.build(graph, source(list, batchSize, seed));
      Session session = new Session(graph, Sessions.config(Device.CPU));
      return new QueuedBatches(list, graph, pipeline, session);
    } catch (RuntimeException e) {
      graph.close();
      throw e;
    }
  }

  /** The pipeline that reads a list; the seed decides the order, as far as threads let it. */
  public static InputPipeline.Source source(ImageList list, int batchSize, Seed seed) {
    return new InputPipeline.Source(
        list.paths(),
        IntStream.range(0, list.count()).map(list.labels()::of).toArray(),
        list.pixelsPerImage(),
        batchSize,
        READERS,
        seed.random(Purpose.SHUFFLE, 0).nextLong());
  }

  /** Takes the next batch of the queue, whatever the step; waits for it if need be. */
  @Override
  public void copyBatch(long step, float[] target) throws DataException {
    requireReading();
    // batch_x, batch_y = sess.run([input_image, one_hot]); as in the tutorial, x alone is used.
    try (Result batch = session.runner().fetch(pipeline.images()).fetch(pipeline.oneHot()).run()) {
      FloatTensors.read((TFloat32) batch.get(0), target);
    } catch (RuntimeException e) {
      requireReading(); // That the queue is closed is only what follows from it.
      throw e;
    }
  }

  @Override
  public void close() {
    runners.close();
    session.close();
    graph.close();
  }

  private void requireReading() throws DataException {
    Optional<Throwable> failure = runners.failure();
    if (failure.isEmpty()) {
      return;
    }
    if (!TensorFlowFailure.is(failure.get())) {
      throw new IllegalStateException("a thread that reads images failed", failure.get());
    }
    throw new DataException(
        list.file(),
        "expected images as they were checked, found "
            + TensorFlowFailure.firstLine(failure.get()));
  }
}

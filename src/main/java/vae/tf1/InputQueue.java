package vae.tf1;

import java.util.Collections;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.io.FifoQueue;
import org.tensorflow.op.io.QueueClose;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.QueueRunnerDef;
import org.tensorflow.proto.error.Code;
import org.tensorflow.types.TFloat32;

/**
 * A FIFO queue as TF1's {@code tf.train} makes them: beside it the ops that close it, the summary
 * that tells how full it is, and the definition of what runs it.
 *
 * @param queue the queue's op
 * @param tf the scope of the ops beside it
 * @param base how their names begin
 * @param capacity how many elements it holds
 */
record InputQueue(FifoQueue queue, Ops tf, String base, int capacity) {

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

  /**
   * Adds the ops that close the queue.
   *
   * @param threads how many are to run {@code enqueue}
   */
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

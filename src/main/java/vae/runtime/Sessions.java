package vae.runtime;

import org.tensorflow.DeviceSpec;
import org.tensorflow.DeviceSpec.DeviceType;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.ConfigProto;
import vae.config.Device;
import vae.config.Threads;

/** How TensorFlow's sessions are set up: devices and threads. */
public final class Sessions {
  /** What ConfigProto means by a negative number of threads. */
  private static final int CALLERS_THREAD = -1;

  private Sessions() {}

  /**
   * The settings of a session: one thread within an op, as many ops at once as there are cores (see
   * docs/decisions/0005-threads.md).
   */
  public static ConfigProto config(Device device) {
    return builder(device).build();
  }

  /** The same with threads of its own, as many as are asked for. */
  public static ConfigProto config(Device device, Threads threads) {
    return builder(device)
        .setUsePerSessionThreads(true)
        .setInterOpParallelismThreads(threads.count())
        .build();
  }

  /**
   * The settings of a session whose ops run on the thread that asks for them: what a small batch
   * costs is then computing, not handing over, and several threads may ask at once. On a GPU they
   * are {@link #config(Device)}'s.
   */
  public static ConfigProto onCallersThread(Device device) {
    ConfigProto.Builder config = builder(device);
    return device == Device.GPU
        ? config.build()
        : config.setInterOpParallelismThreads(CALLERS_THREAD).build();
  }

  private static ConfigProto.Builder builder(Device device) {
    var config =
        ConfigProto.newBuilder()
            .setAllowSoftPlacement(true)
            .setIntraOpParallelismThreads(1)
            .setInterOpParallelismThreads(Threads.auto().count());
    if (device == Device.CPU) {
      config.putDeviceCount("GPU", 0);
    } else {
      // Else TensorFlow takes all of a GPU's memory at once; this model needs a few megabytes.
      config.getGpuOptionsBuilder().setAllowGrowth(true);
    }
    return config;
  }

  /**
   * Runs a tiny graph, so that TensorFlow loads its library and says what it has to say. The
   * settings matter already: a process's first session makes the threads that all others share that
   * ask for none of their own.
   */
  static void runFirst(Device device) {
    try (Graph graph = new Graph();
        Session session = new Session(graph, config(device))) {
      runOnePlusOne(session, Ops.create(graph));
    }
  }

  /** Whether TensorFlow can compute on a CUDA device, found by doing so. */
  static boolean hasGpu() {
    var gpu = DeviceSpec.newBuilder().deviceType(DeviceType.GPU).deviceIndex(0).build();
    ConfigProto strict = config(Device.GPU).toBuilder().setAllowSoftPlacement(false).build();
    try (Graph graph = new Graph();
        Session session = new Session(graph, strict)) {
      runOnePlusOne(session, Ops.create(graph).withDevice(gpu));
      return true;
    } catch (RuntimeException e) {
      if (!TensorFlowFailure.is(e)) {
        throw e;
      }
      return false;
    }
  }

  private static void runOnePlusOne(Session session, Ops tf) {
    session.runner().fetch(tf.math.add(tf.constant(1f), tf.constant(1f))).run().close();
  }
}

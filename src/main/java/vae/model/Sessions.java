package vae.model;

import org.tensorflow.DeviceSpec;
import org.tensorflow.DeviceSpec.DeviceType;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TFInvalidArgumentException;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.ConfigProto;
import vae.config.Device;

/** How TensorFlow's sessions are set up: devices and threads. */
public final class Sessions {
  private Sessions() {}

  /**
   * The settings of a session.
   *
   * <p>One thread within an op, one op a core: on two cores this took 560 to 620 training steps a
   * second where TensorFlow's defaults took 390 to 520, since the tutorial's products are too small
   * to share.
   */
  public static ConfigProto config(Device device) {
    var config =
        ConfigProto.newBuilder()
            .setAllowSoftPlacement(true)
            .setIntraOpParallelismThreads(1)
            .setInterOpParallelismThreads(Runtime.getRuntime().availableProcessors());
    if (device == Device.CPU) {
      config.putDeviceCount("GPU", 0);
    } else {
      // Else TensorFlow takes all of a GPU's memory at once; this model needs a few megabytes.
      config.getGpuOptionsBuilder().setAllowGrowth(true);
    }
    return config.build();
  }

  /**
   * Runs a tiny graph, so that TensorFlow loads its library and says what it has to say. The
   * settings matter already: a process's first session makes the threads that all others share.
   */
  public static void runFirst() {
    try (Graph graph = new Graph();
        Session session = new Session(graph, config(Device.AUTO))) {
      runOnePlusOne(session, Ops.create(graph));
    }
  }

  /** Whether TensorFlow can compute on a CUDA device, found by doing so. */
  public static boolean hasGpu() {
    var gpu = DeviceSpec.newBuilder().deviceType(DeviceType.GPU).deviceIndex(0).build();
    ConfigProto strict = config(Device.GPU).toBuilder().setAllowSoftPlacement(false).build();
    try (Graph graph = new Graph();
        Session session = new Session(graph, strict)) {
      runOnePlusOne(session, Ops.create(graph).withDevice(gpu));
      return true;
    } catch (TensorFlowException | TFInvalidArgumentException e) {
      return false;
    }
  }

  private static void runOnePlusOne(Session session, Ops tf) {
    session.runner().fetch(tf.math.add(tf.constant(1f), tf.constant(1f))).run().close();
  }
}

package vae.runtime;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.tensorflow.internal.c_api.TF_DeviceList;
import org.tensorflow.internal.c_api.TF_Graph;
import org.tensorflow.internal.c_api.TF_Session;
import org.tensorflow.internal.c_api.TF_SessionOptions;
import org.tensorflow.internal.c_api.TF_Status;
import org.tensorflow.internal.c_api.global.tensorflow;
import vae.config.Device;

/** TensorFlow's own list of devices. TensorFlow-Java has none, its C library has. */
public final class TensorFlowDevices {
  private TensorFlowDevices() {}

  /** The names of all that a session of ours for this device may use. */
  public static List<String> names(Device device) {
    byte[] config = Sessions.config(device).toByteArray();
    try (TF_Status status = TF_Status.newStatus();
        TF_SessionOptions options = TF_SessionOptions.newSessionOptions();
        BytePointer configBytes = new BytePointer(config)) {
      tensorflow.TF_SetConfig(options, configBytes, config.length, status);
      status.throwExceptionIfNotOK();
      try (TF_Graph graph = TF_Graph.newGraph();
          TF_Session session = TF_Session.newSession(graph, options, status)) {
        status.throwExceptionIfNotOK();
        TF_DeviceList list = tensorflow.TF_SessionListDevices(session, status);
        status.throwExceptionIfNotOK();
        try {
          return names(list, status);
        } finally {
          tensorflow.TF_DeleteDeviceList(list);
        }
      }
    }
  }

  private static List<String> names(TF_DeviceList list, TF_Status status) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < tensorflow.TF_DeviceListCount(list); i++) {
      names.add(tensorflow.TF_DeviceListName(list, i, status).getString());
      status.throwExceptionIfNotOK();
    }
    return names;
  }
}

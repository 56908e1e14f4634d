package vae.runtime;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.tensorflow.internal.c_api.TF_DeviceList;
import org.tensorflow.internal.c_api.TF_Graph;
import org.tensorflow.internal.c_api.TF_Session;
import org.tensorflow.internal.c_api.TF_SessionOptions;
import org.tensorflow.internal.c_api.TF_Status;
import org.tensorflow.internal.c_api.global.tensorflow;
import vae.config.Device;

/**
 * A device in TensorFlow's own list.
 *
 * @param name such as {@code /job:localhost/replica:0/task:0/device:CPU:0}
 * @param type such as {@code CPU}
 */
public record TensorFlowDevice(String name, String type) {
  /**
   * All that a session of ours for this device may use. TensorFlow-Java has no list of them, its C
   * library has.
   */
  public static List<TensorFlowDevice> all(Device device) {
    byte[] config = Sessions.config(device).toByteArray();
    try (PointerScope scope = new PointerScope()) {
      TF_Status status = TF_Status.newStatus();
      TF_SessionOptions options = TF_SessionOptions.newSessionOptions();
      tensorflow.TF_SetConfig(options, new BytePointer(config), config.length, status);
      status.throwExceptionIfNotOK();
      TF_Session session = TF_Session.newSession(TF_Graph.newGraph(), options, status);
      status.throwExceptionIfNotOK();
      TF_DeviceList list = tensorflow.TF_SessionListDevices(session, status);
      status.throwExceptionIfNotOK();
      try {
        return devices(list, status);
      } finally {
        tensorflow.TF_DeleteDeviceList(list);
      }
    }
  }

  private static List<TensorFlowDevice> devices(TF_DeviceList list, TF_Status status) {
    List<TensorFlowDevice> devices = new ArrayList<>();
    for (int i = 0; i < tensorflow.TF_DeviceListCount(list); i++) {
      String name = tensorflow.TF_DeviceListName(list, i, status).getString();
      status.throwExceptionIfNotOK();
      String type = tensorflow.TF_DeviceListType(list, i, status).getString();
      status.throwExceptionIfNotOK();
      devices.add(new TensorFlowDevice(name, type));
    }
    return devices;
  }
}

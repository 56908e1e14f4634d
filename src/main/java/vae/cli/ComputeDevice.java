package vae.cli;

import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import com.sun.jna.ptr.IntByReference;
import vae.config.Device;
import vae.model.Sessions;

/** Finds out whether there is a CUDA device to compute on, and if not, what is missing. */
final class ComputeDevice {
  private ComputeDevice() {}

  /**
   * The device that will be used, {@code CPU} or {@code GPU}, after saying so on standard error.
   *
   * @throws DeviceUnavailableException if a GPU was asked for and there is none
   */
  static Device resolve(Device asked) {
    boolean gpu = asked != Device.CPU && NativeLibraryJar.isForGpu() && Sessions.hasGpu();
    if (asked == Device.GPU && !gpu) {
      throw new DeviceUnavailableException(missing());
    }
    System.err.println(gpu ? "device: GPU (CUDA)" : "device: CPU");
    return gpu ? Device.GPU : Device.CPU;
  }

  private static String missing() {
    if (!NativeLibraryJar.isForGpu()) {
      return "the library is missing: this build has TensorFlow's CPU library; build with -Pgpu";
    }
    NativeLibrary driver;
    try {
      driver = NativeLibrary.getInstance(Platform.isWindows() ? "nvcuda" : "libcuda.so.1");
    } catch (UnsatisfiedLinkError e) {
      return "the driver is missing: no NVIDIA driver is installed (libcuda.so.1 not found)";
    }
    try (driver) {
      var count = new IntByReference();
      boolean counted =
          driver.getFunction("cuInit").invokeInt(new Object[] {0}) == 0
              && driver.getFunction("cuDeviceGetCount").invokeInt(new Object[] {count}) == 0;
      if (!counted || count.getValue() == 0) {
        return "the device is missing: the NVIDIA driver finds no CUDA device";
      }
    }
    return "TensorFlow can't use the CUDA device; are the CUDA and cuDNN libraries that README.md"
        + " names installed? (-v shows what it says)";
  }
}

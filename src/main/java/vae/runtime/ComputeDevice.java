package vae.runtime;

import com.sun.jna.NativeLibrary;
import com.sun.jna.ptr.IntByReference;
import vae.config.Device;

/** Finds out whether there is a CUDA device to compute on, and if not, what is missing. */
public final class ComputeDevice {
  /** The GPU jar is for Linux alone. */
  private static final String DRIVER = "libcuda.so.1";

  private ComputeDevice() {}

  /**
   * The device that will be used, {@code CPU} or {@code GPU}.
   *
   * @throws DeviceUnavailableException if a GPU was asked for and there is none
   */
  public static Device resolve(Device asked) {
    boolean gpu = asked != Device.CPU && NativeLibraryJar.isForGpu() && Sessions.hasGpu();
    if (asked == Device.GPU && !gpu) {
      throw new DeviceUnavailableException(missing());
    }
    return gpu ? Device.GPU : Device.CPU;
  }

  private static String missing() {
    if (!NativeLibraryJar.isForGpu()) {
      return "the library is missing: this build has TensorFlow's CPU library; build with -Pgpu";
    }
    NativeLibrary driver;
    try {
      driver = NativeLibrary.getInstance(DRIVER);
    } catch (UnsatisfiedLinkError e) {
      return "the driver is missing: no NVIDIA driver is installed (" + DRIVER + " not found)";
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
    return "TensorFlow can't use the CUDA device; are the CUDA and cuDNN libraries that docs/gpu.md"
        + " names installed? (-v shows what it says)";
  }
}

package vae.runtime;

import java.lang.module.ModuleDescriptor.Version;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;

/** TensorFlow's library for CUDA: for what platform there is one, and what it asks for. */
public final class CudaBuild {
  /** The releases that TensorFlow 2.18's Python package asks for. */
  public static final String LIBRARIES = "CUDA 12.5, cuDNN 9.3";

  /** NVIDIA's oldest driver for CUDA 12. */
  public static final String OLDEST_DRIVER = "525.60.13";

  private static final String PLATFORM = "linux-x86_64";

  private CudaBuild() {}

  /** The classifier of the jar that this platform would need, where there is one. */
  public static Optional<String> classifier() {
    return Loader.getPlatform().equals(PLATFORM)
        ? Optional.of(PLATFORM + "-gpu")
        : Optional.empty();
  }

  /** Whether a driver of this version, numbers between dots, is new enough. */
  public static boolean takes(String driver) {
    return Version.parse(driver).compareTo(Version.parse(OLDEST_DRIVER)) >= 0;
  }
}

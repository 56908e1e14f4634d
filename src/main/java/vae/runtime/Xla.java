package vae.runtime;

import com.sun.jna.NativeLibrary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import vae.machine.CudaToolkit;

/** XLA's compiler for CUDA: what it needs, and what it is told. */
public final class Xla {
  /** The variable that XLA reads. */
  static final String FLAGS = "XLA_FLAGS";

  private static final String CUDNN = "libcudnn.so.9";

  private Xla() {}

  /** What it lacks on this machine, to be shown to a user; nothing if it can compile. */
  public static Optional<String> missing() {
    if (CudaToolkit.libdevice().isEmpty()) {
      return Optional.of("libdevice.10.bc of a CUDA toolkit (set CUDA_HOME to its folder)");
    }
    if (CudaToolkit.ptxas().isEmpty()) {
      return Optional.of("ptxas of a CUDA toolkit (set CUDA_HOME to its folder)");
    }
    return cudnn() ? Optional.empty() : Optional.of(CUDNN);
  }

  /** Whether cuDNN can be opened. */
  public static boolean cudnn() {
    return canOpen(CUDNN);
  }

  /** Whether cuBLAS can be opened, which all products need. */
  public static boolean cublas() {
    return canOpen("libcublas.so.12");
  }

  /**
   * What it is to be told; the user's own settings stand. With TF32 products may round their
   * factors.
   */
  static String flags(boolean tf32) {
    String given = Optional.ofNullable(System.getenv(FLAGS)).orElse("");
    List<String> flags = new ArrayList<>(List.of(given));
    CudaToolkit.libdevice()
        .map(CudaToolkit::root)
        .map(Path::toString)
        .ifPresent(root -> add(flags, given, "--xla_gpu_cuda_data_dir", root));
    // It takes the quickest of several products by trying them; which that is may change with the
    // weather, and the last bits with it.
    add(flags, given, "--xla_gpu_deterministic_ops", "true");
    if (!tf32) {
      // Its own products know nothing of NVIDIA_TF32_OVERRIDE.
      add(flags, given, "--xla_gpu_enable_triton_gemm", "false");
    }
    return String.join(" ", flags).strip();
  }

  private static void add(List<String> flags, String given, String flag, String value) {
    if (!given.contains(flag + "=")) {
      flags.add(flag + "=" + value);
    }
  }

  private static boolean canOpen(String library) {
    try (NativeLibrary opened = NativeLibrary.getInstance(library)) {
      return opened.getName() != null;
    } catch (LinkageError e) {
      return false; // It is not there, or JNA has found no folder to unpack its own library into.
    }
  }
}

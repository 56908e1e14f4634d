package vae.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bytedeco.javacpp.Loader;
import org.tensorflow.TensorFlow;
import vae.config.Computation;
import vae.config.Device;
import vae.config.Threads;

/**
 * Starts TensorFlow. What native code then writes about itself to standard error is kept away from
 * the user, who can do nothing about it, unless it fails.
 */
public final class TensorFlowStartup {
  private static final String ONE_DNN = "TF_ENABLE_ONEDNN_OPTS";
  private static final String TF32 = "NVIDIA_TF32_OVERRIDE";

  /** What {@link #run} has set against the user's setting; nothing if it has not. */
  private static volatile Optional<Boolean> decided = Optional.empty();

  private static volatile boolean tf32Allowed;

  /** Then it says nothing more, and other threads may write to standard error. */
  private static boolean started;

  private TensorFlowStartup() {}

  /**
   * Loads the native library and runs a first graph. On Windows, where no temporary file can be
   * made, and with {@code verbose}, nothing is kept away.
   */
  public static void run(Device device, boolean verbose) {
    run(device, Optional.empty(), false, verbose);
  }

  /**
   * The same; has no effect on a TensorFlow that runs already, nor on Windows.
   *
   * @param oneDnn with it or without; nothing for the user's setting, or with it
   * @param tf32 whether a GPU's products may round their factors to 10 bits, where the user's
   *     setting does not say
   */
  public static synchronized void run(
      Device device, Optional<Boolean> oneDnn, boolean tf32, boolean verbose) {
    NativeLibraryJar.announceUnpacking();
    if (!started && NativeLibraryJar.isForGpu()) {
      setUpCuda(tf32);
    }
    if (LibC.isThere() && oneDnn.isPresent()) {
      decided = oneDnn;
      LibC.load().setenv(ONE_DNN, oneDnn.get() ? "1" : "0", 1);
    } else if (LibC.isThere()) {
      // By itself TensorFlow takes oneDNN's products only on processors with VNNI. The user's own
      // setting stands.
      LibC.load().setenv(ONE_DNN, "1", 0);
    }
    if (started || verbose || !LibC.isThere()) {
      Sessions.runFirst(device);
      started = true;
      return;
    }
    try {
      Path log = Files.createTempFile("tensorflow-", ".log");
      try {
        runSilenced(LibC.load(), log, device);
        started = true;
        if (NativeLibraryJar.isForGpu()) {
          NativeStderr.filter();
        }
      } finally {
        Files.deleteIfExists(log);
      }
    } catch (IOException e) {
      Sessions.runFirst(device);
    }
  }

  /** Whether TensorFlow, once it is started, computes with oneDNN. */
  public static boolean usesOneDnn() {
    if (decided.isPresent()) {
      return decided.get();
    }
    String setting = System.getenv(ONE_DNN);
    return setting == null ? LibC.isThere() : !Set.of("0", "false").contains(setting);
  }

  /** Whether a GPU's products, once TensorFlow is started, may round their factors. */
  public static boolean usesTf32() {
    String setting = System.getenv(TF32);
    return setting == null ? tf32Allowed : !setting.equals("0");
  }

  /** How a training is computed on a device, CPU or GPU, once TensorFlow is started. */
  public static Computation computation(Device device, Threads threads) {
    boolean gpu = device == Device.GPU;
    return new Computation(
        device, threads, usesOneDnn(), gpu && usesTf32(), gpu && Xla.missing().isEmpty());
  }

  /** All this is read when CUDA or XLA is loaded. */
  private static void setUpCuda(boolean tf32) {
    tf32Allowed = tf32;
    LibC libc = LibC.load();
    if (!tf32) {
      libc.setenv(TF32, "0", 0);
    }
    libc.setenv(Xla.FLAGS, Xla.flags(usesTf32()), 1);
  }

  /** The file that was loaded as TensorFlow, once it is started. */
  public static Optional<Path> library() {
    Map<String, String> loaded = Loader.getLoadedLibraries();
    return loaded.keySet().stream()
        .filter(name -> name.startsWith("tensorflow_cc") || name.equals("jnitensorflow"))
        .max(Comparator.naturalOrder()) // The former, where there are both.
        .map(loaded::get)
        .map(Path::of);
  }

  /** The version of the native library, which is loaded for it. */
  public static String version() {
    NativeLibraryJar.announceUnpacking();
    return TensorFlow.version();
  }

  private static void runSilenced(LibC libc, Path log, Device device) throws IOException {
    // The user's own setting stands.
    libc.setenv("TF_CPP_MIN_LOG_LEVEL", "2", 0);
    int terminal = libc.dup(LibC.STDERR);
    int file = libc.open(log.toString(), LibC.O_WRONLY);
    boolean done = false;
    libc.dup2(file, LibC.STDERR);
    try {
      Sessions.runFirst(device);
      done = true;
    } finally {
      libc.dup2(terminal, LibC.STDERR);
      libc.close(file);
      libc.close(terminal);
      if (!done) {
        System.err.print(Files.readString(log));
      }
    }
  }
}

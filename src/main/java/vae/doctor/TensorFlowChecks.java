package vae.doctor;

import java.util.Optional;
import vae.config.Device;
import vae.runtime.NativeLibraryJar;
import vae.runtime.TensorFlowFailure;
import vae.runtime.TensorFlowStartup;

/** The doctor's look at TensorFlow's native library, which it starts. */
final class TensorFlowChecks {
  private TensorFlowChecks() {}

  /**
   * Starts TensorFlow if the processor lets it, tells of it, and returns whether it was started.
   */
  static boolean tell(DoctorReport report, boolean startable, Device asked, boolean verbose) {
    report.section("TensorFlow");
    report.add(
        Fact.of(
            "build",
            NativeLibraryJar.isForGpu() ? "GPU (CUDA)" : "CPU",
            NativeLibraryJar.isForGpu() ? "gpu" : "cpu"));
    report.add(Fact.of("classifier", NativeLibraryJar.classifier()));
    if (!startable) {
      report.add(Fact.of("start", "not tried, because of the CPU"));
      return false;
    }
    report.listener().clear();
    Optional<String> failure = start(asked, verbose);
    if (failure.isPresent()) {
      report.add(
          Fact.of("start", "failed")
              .problem(
                  Fault.INTERNAL,
                  failure.get()
                      + "; mend what is said above, make room in the native cache, or build again"));
      return false;
    }
    report.add(Fact.of("version", TensorFlowStartup.version()).ok());
    report.add(
        Fact.of("library", TensorFlowStartup.library().map(Object::toString).orElse("unknown")));
    boolean oneDnn = TensorFlowStartup.usesOneDnn();
    report.add(
        Fact.of("oneDNN", oneDnn ? "on" : "off", oneDnn)
            .noteUnless(oneDnn, "training is slower without; unset TF_ENABLE_ONEDNN_OPTS"));
    return true;
  }

  /** Starts it, or says why that can't be done. */
  private static Optional<String> start(Device asked, boolean verbose) {
    try {
      TensorFlowStartup.run(asked, verbose);
      return Optional.empty();
    } catch (LinkageError e) {
      return Optional.of("a library can't be loaded: " + e);
    } catch (RuntimeException e) {
      if (!TensorFlowFailure.is(e)) {
        throw e;
      }
      return Optional.of("TensorFlow failed: " + e);
    }
  }
}

package vae.doctor;

import java.io.IOException;
import java.lang.module.ModuleDescriptor.Version;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import vae.config.Device;
import vae.machine.CudaToolkit;
import vae.machine.NvidiaDriver;
import vae.machine.NvidiaDriver.Gpu;
import vae.runtime.ComputeDevice;
import vae.runtime.DeviceUnavailableException;
import vae.runtime.NativeLibraryJar;
import vae.runtime.TensorFlowDevices;
import vae.runtime.TensorFlowFailure;
import vae.runtime.Xla;

/** The doctor's look at NVIDIA's driver, its GPUs, and what TensorFlow makes of them. */
final class CudaChecks {
  /** The releases that TensorFlow 2.18's Python package asks for. */
  private static final String LIBRARIES = "CUDA 12.5, cuDNN 9.3";

  /** NVIDIA's oldest for CUDA 12. */
  private static final Version OLDEST_DRIVER = Version.parse("525.60.13");

  /** The only one that there is a library for GPUs for. */
  private static final String PLATFORM = "linux-x86_64";

  private static final String XLA = "the quick training, by XLA,";

  private CudaChecks() {}

  /** Tells of the GPUs, and returns the device to compute on; nothing if none may be used. */
  static Optional<Device> tell(DoctorReport report, boolean started, Device asked) {
    report.section("CUDA");
    report.add(driver(NvidiaDriver.kernelModule()));
    report.listener().busy("nvidia-smi");
    report.add(gpus());
    report.add(build());
    libraries().forEach(report::add);
    if (!started) {
      if (asked == Device.GPU) {
        report.add(unusable("TensorFlow was not started"));
      }
      return Optional.empty();
    }
    report.add(devices(asked));
    try {
      Device used = ComputeDevice.resolve(asked);
      report.add(Fact.of("device", used.name()).ok());
      return Optional.of(used);
    } catch (DeviceUnavailableException e) {
      report.add(unusable(String.valueOf(e.getMessage())));
      return Optional.empty();
    }
  }

  private static Fact devices(Device asked) {
    try {
      List<String> names = TensorFlowDevices.names(asked);
      return Fact.of("TensorFlow sees", String.join(" ", names), names);
    } catch (RuntimeException e) {
      if (!TensorFlowFailure.is(e)) {
        throw e;
      }
      return Fact.of("TensorFlow sees", "unknown", List.of()).note("TensorFlow failed: " + e);
    }
  }

  static Fact driver(Optional<String> version) {
    Fact fact = Fact.of("driver", version.orElse("none"));
    return version.isEmpty()
        ? fact
        : fact.noteUnless(
            Version.parse(version.get()).compareTo(OLDEST_DRIVER) >= 0,
            "CUDA 12 wants %s or later".formatted(OLDEST_DRIVER));
  }

  private static Fact gpus() {
    try {
      return NvidiaDriver.gpus()
          .map(CudaChecks::gpus)
          .orElseGet(() -> Fact.of("GPUs", "none (no nvidia-smi on the PATH)", List.of()));
    } catch (IOException e) {
      return Fact.of("GPUs", "unknown", List.of()).note(String.valueOf(e.getMessage()));
    }
  }

  static Fact gpus(List<Gpu> gpus) {
    String text =
        gpus.isEmpty()
            ? "none"
            : gpus.stream()
                .map(gpu -> "%s (%s)".formatted(gpu.name(), gpu.memory()))
                .collect(Collectors.joining("; "));
    Fact fact =
        Fact.of(
            "GPUs",
            text,
            gpus.stream()
                .map(
                    gpu ->
                        Map.of("name", gpu.name(), "driver", gpu.driver(), "memory", gpu.memory()))
                .toList());
    return gpus.isEmpty() || NativeLibraryJar.isForGpu()
        ? fact
        : fact.note("this build computes on the CPU; build with -Pgpu to use them");
  }

  private static Fact build() {
    String classifier = PLATFORM + "-gpu";
    return NativeLibraryJar.classifier().startsWith(PLATFORM)
        ? Fact.of(
            "build for CUDA",
            "%s (mvn -Pgpu), with %s and a driver of %s or later"
                .formatted(classifier, LIBRARIES, OLDEST_DRIVER),
            classifier)
        : Fact.of("build for CUDA", "none for this platform");
  }

  /** What TensorFlow opens, and what XLA calls, where they are on this machine. */
  private static List<Fact> libraries() {
    return List.of(
        library("cuBLAS", Xla.cublas() ? Optional.of("found") : Optional.empty(), "products"),
        library("cuDNN", Xla.cudnn() ? Optional.of("found") : Optional.empty(), XLA),
        library("ptxas", CudaToolkit.ptxas().map(Path::toString), XLA),
        library("libdevice", CudaToolkit.libdevice().map(Path::toString), XLA));
  }

  static Fact library(String name, Optional<String> found, String neededBy) {
    Fact fact = Fact.of(name, found.orElse("not found"));
    return found.isPresent()
            || !NativeLibraryJar.isForGpu()
            || NvidiaDriver.kernelModule().isEmpty()
        ? fact
        : fact.note(neededBy + " can't do without; docs/gpu.md tells what to install");
  }

  private static Fact unusable(String why) {
    return Fact.of("device", "no GPU to use")
        .problem(Fault.DEVICE, why + "; --device cpu does without");
  }
}

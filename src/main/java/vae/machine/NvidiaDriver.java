package vae.machine;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** NVIDIA's driver and the GPUs that it sees, as the kernel and {@code nvidia-smi} tell. */
public final class NvidiaDriver {
  /** Without the driver's persistence it wakes each GPU first, which takes seconds. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final String NUMBERS = "\\d{1,6}(?:\\.\\d{1,6})+";

  private static final Pattern KERNEL_MODULE =
      Pattern.compile("Kernel Module\\b.*?\\s(" + NUMBERS + ")\\s");

  private NvidiaDriver() {}

  /** A GPU as {@code nvidia-smi} names it; its memory with the unit. */
  public record Gpu(String name, String driver, String memory) {}

  /** The version of the kernel's module, where it is loaded. */
  public static Optional<String> kernelModule() {
    return SystemFile.read("/proc/driver/nvidia/version").flatMap(NvidiaDriver::kernelModule);
  }

  static Optional<String> kernelModule(String version) {
    Matcher module = KERNEL_MODULE.matcher(version);
    return module.find() ? Optional.of(module.group(1)) : Optional.empty();
  }

  /** The GPUs; nothing if there is no {@code nvidia-smi} on the PATH. */
  public static Optional<List<Gpu>> gpus() throws IOException {
    return ExternalProgram.ask(
            "nvidia-smi",
            PATIENCE,
            "--query-gpu=name,driver_version,memory.total",
            "--format=csv,noheader")
        .map(NvidiaDriver::gpus);
  }

  /** From its lines of {@code name, driver, memory}; others, such as warnings, are passed over. */
  static List<Gpu> gpus(String csv) {
    return csv.lines().flatMap(NvidiaDriver::gpu).toList();
  }

  private static Stream<Gpu> gpu(String line) {
    String[] fields = line.strip().split("\\s*,\\s*", -1);
    return fields.length == 3 && fields[1].matches(NUMBERS)
        ? Stream.of(new Gpu(fields[0], fields[1], fields[2]))
        : Stream.empty();
  }
}

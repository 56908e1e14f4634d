package vae.doctor;

import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import vae.config.Threads;
import vae.machine.CgroupLimits;

/** The doctor's look at what decides how many threads compute. */
final class ThreadChecks {
  /**
   * What TensorFlow and its parts read. By their beginnings, but not all of {@code TF_}: others use
   * that for their secrets, as Terraform does. Of NVIDIA's only those that change what is computed,
   * or where: images of containers set many more, some of thousands of characters.
   */
  private static final Pattern VARIABLES =
      Pattern.compile(
          "(OMP|GOMP|KMP|MKL|DNNL|ONEDNN|XLA)_\\w+"
              + "|CUDA_(VISIBLE_DEVICES|DEVICE_ORDER|LAUNCH_BLOCKING|HOME|PATH|ROOT)"
              + "|NVIDIA_TF32_OVERRIDE"
              + "|TF_(CPP|CUDA|CUDNN|DETERMINISTIC|DISABLE|ENABLE|FORCE|GPU|NUM|ONEDNN|SET|USE|XLA)_\\w+"
              + "|LD_LIBRARY_PATH|JAVA_TOOL_OPTIONS|VAE_JAVA_OPTS");

  private ThreadChecks() {}

  static void tell(DoctorReport report) {
    report.section("Threads");
    int threads = Threads.auto().count();
    report.add(Fact.of("training, auto", String.valueOf(threads), threads));
    OptionalDouble limit = CgroupLimits.processors();
    report.add(
        limit.isPresent()
            ? Fact.of(
                "container limit",
                "%.2f processors".formatted(limit.getAsDouble()),
                limit.getAsDouble())
            : Fact.of("container limit", "none"));
    Map<String, String> set = new TreeMap<>(System.getenv());
    set.keySet().removeIf(name -> !VARIABLES.matcher(name).matches());
    String text =
        set.isEmpty()
            ? "none of TensorFlow's or OpenMP's variables is set"
            : set.entrySet().stream()
                .map(variable -> variable.getKey() + "=" + variable.getValue())
                .collect(Collectors.joining(", "));
    report.add(Fact.of("environment", text, set));
  }
}

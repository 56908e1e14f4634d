package vae.doctor;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import vae.config.Threads;
import vae.machine.CgroupLimits;
import vae.machine.CpuInfo;
import vae.machine.CpuInfo.Feature;
import vae.machine.OperatingSystem;

/** The doctor's look at the processor, and at what decides how many threads compute. */
final class CpuChecks {
  private static final Set<Feature> X86 =
      EnumSet.of(
          Feature.SSE4_1,
          Feature.AVX,
          Feature.AVX2,
          Feature.FMA,
          Feature.AVX512F,
          Feature.AVX512_VNNI);

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

  private CpuChecks() {}

  /**
   * Tells of the processor, and returns whether TensorFlow can be started on it as far as is known.
   */
  static boolean tell(DoctorReport report) {
    report.section("CPU");
    CpuInfo cpu = CpuInfo.current();
    report.add(Fact.of("model", cpu.model().orElse("unknown")));
    int available = Runtime.getRuntime().availableProcessors();
    Map<String, Object> cores = new LinkedHashMap<>();
    cores.put("available", available);
    if (cpu.processors() > 0) {
      cores.put("machine", cpu.processors());
    }
    report.add(
        Fact.of(
            "cores",
            available + (cpu.processors() > 0 ? " of the machine's " + cpu.processors() : ""),
            cores));
    Fact features = features(cpu.features(), OperatingSystem.current().isX86());
    report.add(features);
    return features.verdict().stream().noneMatch(verdict -> verdict.kind() == Fact.Kind.PROBLEM);
  }

  /** What the processor has of the features that matter. */
  static Fact features(Optional<Set<Feature>> told, boolean x86) {
    if (told.isEmpty()) {
      return Fact.of("features", "unknown");
    }
    Set<Feature> found = told.get();
    Set<Feature> missing = x86 ? EnumSet.copyOf(X86) : EnumSet.noneOf(Feature.class);
    missing.removeAll(found);
    Fact fact =
        Fact.of(
            "features",
            (found.isEmpty() ? "none that matter" : words(found))
                + (missing.isEmpty() ? "" : "; without " + words(missing)),
            found.stream().map(Feature::toString).toList());
    if (missing.contains(Feature.AVX)) {
      return fact.problem(
          Fault.INTERNAL,
          "TensorFlow's library needs AVX, and would end the program; in a virtual machine, let it"
              + " see the host's processor");
    }
    return fact.noteUnless(
        !missing.contains(Feature.AVX2) && !missing.contains(Feature.FMA),
        "products are slow without AVX2 and FMA");
  }

  private static String words(Set<Feature> features) {
    return features.stream().map(Feature::toString).collect(Collectors.joining(" "));
  }

  /** Tells what decides how many threads compute. */
  static void threads(DoctorReport report) {
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

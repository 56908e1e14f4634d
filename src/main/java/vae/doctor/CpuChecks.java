package vae.doctor;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import vae.machine.CpuInfo;
import vae.machine.CpuInfo.Feature;
import vae.machine.OperatingSystem;

/** The doctor's look at the processor. */
final class CpuChecks {
  private static final Set<Feature> X86 =
      EnumSet.of(
          Feature.SSE4_1,
          Feature.AVX,
          Feature.AVX2,
          Feature.FMA,
          Feature.AVX512F,
          Feature.AVX512_VNNI);

  private CpuChecks() {}

  /**
   * Tells of the processor.
   *
   * @return whether TensorFlow can be started on it, as far as is known: it ends the program where
   *     not
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
    return features.verdict().stream().noneMatch(verdict -> verdict.kind() == Verdict.Kind.PROBLEM);
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
}

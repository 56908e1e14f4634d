package vae.doctor;

import java.io.IOException;
import java.util.Optional;
import vae.machine.Maven;
import vae.machine.OperatingSystem;
import vae.runtime.LibC;

/** The doctor's look at Java, Maven and the operating system. */
final class SystemChecks {
  /** With 64 MiB there was no training on MNIST, with 96 there was. */
  private static final long ROOMY_HEAP = 128L << 20;

  private SystemChecks() {}

  static void tell(DoctorReport report) {
    java(report);
    system(report);
  }

  private static void java(DoctorReport report) {
    report.section("Java");
    // One older than 17 would not have read this class.
    report.add(Fact.of("version", Runtime.version().toString()).ok());
    report.add(Fact.of("vendor", System.getProperty("java.vendor")));
    report.add(
        Fact.of(
            "VM", System.getProperty("java.vm.name") + ", " + System.getProperty("java.vm.info")));
    long heap = Runtime.getRuntime().maxMemory();
    report.add(
        Fact.of("heap limit", Fact.amount(heap), heap)
            .noteUnless(heap >= ROOMY_HEAP, "give training more: -Xmx256m or above"));
    report.listener().busy("Maven");
    report.add(maven());
  }

  private static Fact maven() {
    try {
      Optional<String> version = Maven.version();
      return Fact.of("Maven", version.orElse("not found"))
          .noteUnless(version.isPresent(), "only building needs it; put mvn on the PATH");
    } catch (IOException e) {
      return Fact.of("Maven", "no answer").note(e.getMessage() + "; only building needs it");
    }
  }

  private static void system(DoctorReport report) {
    report.section("System");
    OperatingSystem system = OperatingSystem.current();
    report.add(
        Fact.of(
            "name", "%s %s, %s".formatted(system.name(), system.version(), system.architecture())));
    if (system.isLinux()) {
      report.add(Fact.of("distribution", system.distribution().orElse("unknown")));
      report.add(libC());
    }
  }

  private static Fact libC() {
    try {
      Optional<String> version = LibC.glibcVersion();
      return Fact.of("libc", version.map(found -> "glibc " + found).orElse("not glibc"))
          .noteUnless(version.isPresent(), "TensorFlow's library is built for glibc");
    } catch (LinkageError e) {
      return Fact.of("libc", "unknown")
          .problem(
              Fault.OUTPUT,
              "JNA can't be loaded; it wants a folder for temporary files (" + e + ")");
    }
  }
}

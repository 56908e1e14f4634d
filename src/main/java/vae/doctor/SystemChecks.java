package vae.doctor;

import java.util.Optional;
import vae.machine.OperatingSystem;
import vae.runtime.LibC;

/** The doctor's look at the operating system. */
final class SystemChecks {
  private SystemChecks() {}

  static void tell(DoctorReport report) {
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

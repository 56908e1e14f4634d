package vae.doctor;

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
      return LibC.glibcVersion()
          .map(version -> Fact.of("libc", "glibc " + version).with(Verdict.OK))
          .orElseGet(
              () ->
                  Fact.of("libc", "not glibc")
                      .with(Verdict.note("TensorFlow's library is built for glibc")));
    } catch (LinkageError e) {
      return Fact.of("libc", "unknown")
          .with(
              Verdict.problem(
                  Fault.OUTPUT,
                  "JNA can't be loaded; it wants a folder for temporary files (" + e + ")"));
    }
  }
}

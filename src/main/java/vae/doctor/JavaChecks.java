package vae.doctor;

import java.io.IOException;
import java.util.Optional;
import vae.machine.Maven;

/** The doctor's look at Java and Maven. */
final class JavaChecks {
  /** With 64 MiB there was no training on MNIST, with 96 there was. */
  private static final long ROOMY_HEAP = 128L << 20;

  private JavaChecks() {}

  static void tell(DoctorReport report) {
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
}

package vae.machine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vae.machine.NvidiaDriver.Gpu;

/** What NVIDIA's kernel module and {@code nvidia-smi} write; written here by the known format. */
class NvidiaDriverTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "NVRM version: NVIDIA UNIX x86_64 Kernel Module  384.81  Wed Aug 17 22:24:07 PDT 2016 | 384.81",
        "NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.129.03  Thu Oct 19 18:56:32 UTC 2023 |"
            + " 535.129.03",
        "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  555.42.06  Release Build"
            + "  (abuild@host)  Thu Jul 11 12:00:00 UTC 2024 | 555.42.06",
      })
  void readsTheKernelModulesVersion(String line, String version) {
    assertThat(
            NvidiaDriver.kernelModule(
                line + "\nGCC version:  gcc version 4.8.5 20150623 (Red Hat 4.8.5-4) (GCC)\n"))
        .contains(version);
  }

  @Test
  void findsNoVersionInOtherText() {
    assertThat(NvidiaDriver.kernelModule("")).isEmpty();
    assertThat(NvidiaDriver.kernelModule("GCC version:  gcc version 4.8.5")).isEmpty();
  }

  @Test
  void readsTheGpus() {
    assertThat(
            NvidiaDriver.gpus(
                """
                NVIDIA H100 80GB HBM3, 535.129.03, 81559 MiB
                Tesla T4, 535.129.03, 15360 MiB
                """))
        .containsExactly(
            new Gpu("NVIDIA H100 80GB HBM3", "535.129.03", "81559 MiB"),
            new Gpu("Tesla T4", "535.129.03", "15360 MiB"));
  }

  @Test
  void passesOverWhatIsNoGpu() {
    assertThat(
            NvidiaDriver.gpus(
                """
                No devices were found
                WARNING: infoROM is corrupted at gpu 0000:00:1E.0, please, update
                name, driver_version, memory.total [MiB]
                """))
        .isEmpty();
  }
}

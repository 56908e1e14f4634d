package vae.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vae.machine.CpuInfo.Feature;
import vae.train.MeasuredTraining;

/** What the doctor says of machines that this one is not. */
class ChecksTest {
  private static final Feature[] NO_AVX = {Feature.SSE4_1};

  @Test
  void aProcessorWithoutAvxIsAProblem() {
    assertThat(features(true, NO_AVX)).isEqualTo(Fact.Kind.PROBLEM);
    assertThat(features(true, Feature.SSE4_1, Feature.AVX)).isEqualTo(Fact.Kind.NOTE);
    assertThat(features(true, Feature.SSE4_1, Feature.AVX, Feature.AVX2, Feature.FMA))
        .isEqualTo(Fact.Kind.OK);
    assertThat(features(false, Feature.ASIMD)).isEqualTo(Fact.Kind.OK);
    assertThat(CpuChecks.features(Optional.empty(), true).verdict()).isEmpty();
  }

  @Test
  void aLossThatDoesNotFallIsAProblem() {
    assertThat(kind(TrainingChecks.fact("CPU", new MeasuredTraining(0, 100, 600f, 599f))))
        .isEqualTo(Fact.Kind.OK);
    assertThat(kind(TrainingChecks.fact("CPU", new MeasuredTraining(0, 100, 600f, 600f))))
        .isEqualTo(Fact.Kind.PROBLEM);
    assertThat(kind(TrainingChecks.fact("CPU", new MeasuredTraining(0, 100, 600f, Float.NaN))))
        .isEqualTo(Fact.Kind.PROBLEM);
  }

  @Test
  void cpuAndGpuMayDifferByRoundingAlone() {
    double[] cpu = new double[200];
    Arrays.fill(cpu, 100);
    double[] gpu = cpu.clone();
    gpu[5] = 100.009;
    gpu[150] = 120;
    assertThat(kind(TrainingChecks.agreement(cpu, gpu))).isEqualTo(Fact.Kind.OK);
    gpu[5] = 100.02;
    assertThat(kind(TrainingChecks.agreement(cpu, gpu))).isEqualTo(Fact.Kind.PROBLEM);
    gpu[5] = Double.NaN;
    assertThat(kind(TrainingChecks.agreement(cpu, gpu))).isEqualTo(Fact.Kind.PROBLEM);
    gpu[5] = 100;
    Arrays.fill(gpu, 100, 200, 102);
    assertThat(kind(TrainingChecks.agreement(cpu, gpu))).isEqualTo(Fact.Kind.PROBLEM);
  }

  @ParameterizedTest
  @CsvSource({
    "525.60.13, OK",
    "525.60.14, OK",
    "525.105.17, OK",
    "535.54, OK",
    "535.129.03, OK",
    "525.60.12, NOTE",
    "525.60, NOTE",
    "470.256.02, NOTE",
    "390.48, NOTE"
  })
  void anOldDriverIsNoted(String driver, Fact.Kind expected) {
    assertThat(kind(CudaChecks.driver(Optional.of(driver)))).isEqualTo(expected);
  }

  @Test
  void noDriverIsNoProblem() {
    assertThat(CudaChecks.driver(Optional.empty()).line()).isEqualTo("  driver            none");
  }

  private static Fact.Kind features(boolean x86, Feature... features) {
    return kind(CpuChecks.features(Optional.of(EnumSet.copyOf(List.of(features))), x86));
  }

  private static Fact.Kind kind(Fact fact) {
    return fact.verdict().orElseThrow().kind();
  }
}

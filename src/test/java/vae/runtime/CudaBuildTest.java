package vae.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CudaBuildTest {
  @ParameterizedTest
  @CsvSource({
    "525.60.13, true",
    "525.60.14, true",
    "525.105.17, true",
    "535.54, true",
    "525.60.12, false",
    "525.60, false",
    "470.256.02, false",
    "390.48, false"
  })
  void takesDriversFromTheOldestOn(String driver, boolean taken) {
    assertThat(CudaBuild.takes(driver)).isEqualTo(taken);
  }
}

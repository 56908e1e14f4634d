package vae.latent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vae.config.Seed;

/** The prior against numbers from tables of the normal and the chi-squared distribution. */
class PriorTest {
  /** The two points of the tutorial of which the design tells. */
  @ParameterizedTest
  @CsvSource({"3, 3, 1.234098e-4", "0, 5, 3.726653e-6", "0, 0, 1"})
  void theShareBeyondAPointOfThePlane(float a, float b, double expected) {
    assertThat(Prior.shareBeyond(new float[] {a, b})).isCloseTo(expected, within(1e-6 * expected));
  }

  /** The 5 % and 1 % points of χ², which every table has. */
  @ParameterizedTest
  @CsvSource({
    "1, 3.841459, 0.05", "1, 6.634897, 0.01", "2, 5.991465, 0.05", "3, 7.814728, 0.05",
    "4, 9.487729, 0.05", "5, 15.086272, 0.01", "10, 18.307038, 0.05", "15, 30.577914, 0.01"
  })
  void theShareBeyondInOtherDimensions(int dimensions, double chiSquared, double expected) {
    float[] z = new float[dimensions];
    z[dimensions - 1] = (float) Math.sqrt(chiSquared);
    assertThat(Prior.shareBeyond(z)).isCloseTo(expected, within(1e-6));
  }

  @Test
  void theDensityIsTheNormals() {
    assertThat(Prior.logDensity(new float[] {1, 2})).isCloseTo(-4.337877066, within(1e-8));
  }

  @Test
  void drawsAreNormalAndFollowFromTheSeed() {
    float[][] draws = Prior.draws(new Seed(1), 0, 20_000, 2);
    double sum = 0;
    double squares = 0;
    for (float[] draw : draws) {
      sum += draw[0];
      squares += draw[1] * draw[1];
    }
    assertThat(sum / draws.length).isCloseTo(0, within(0.03));
    assertThat(squares / draws.length).isCloseTo(1, within(0.04));
    assertThat(Prior.draws(new Seed(1), 0, 20_000, 2)).isDeepEqualTo(draws);
    assertThat(Prior.draws(new Seed(1), 1, 20_000, 2)[0]).isNotEqualTo(draws[0]);
  }

  @Test
  void theGridsRowsGoDownwards() {
    float[][] linear = LatentGrid.linear(3, 3);
    assertThat(linear[0]).containsExactly(-3, 3);
    assertThat(linear[2]).containsExactly(3, 3);
    assertThat(linear[4]).containsExactly(0, 0);
    assertThat(linear[8]).containsExactly(3, -3);
  }

  /** Φ⁻¹(1/6) and Φ⁻¹(5/6). */
  @Test
  void theOtherGridHasTheQuantiles() {
    float[][] quantiles = LatentGrid.quantiles(3);
    assertThat(quantiles[0][0]).isCloseTo(-0.9674216f, within(1e-5f));
    assertThat(quantiles[4][0]).isCloseTo(0, within(1e-5f));
    assertThat(quantiles[2][0]).isCloseTo(0.9674216f, within(1e-5f));
  }
}

package vae.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vae.config.LossFormula;
import vae.config.NetworkShape;
import vae.config.Objective;
import vae.config.RmsPropSettings;
import vae.config.Schedule;
import vae.config.Seed;
import vae.config.TrainingPlan;

class TrainingLoopTest {
  @ParameterizedTest
  @CsvSource({
    "784, 2, 64, false, 500",
    "784, 2, 4096, false, 32",
    "784, 2, 65536, false, 2",
    "784, 512, 4096, false, 7",
    "784, 2, 128, true, 500",
    "16384, 2, 128, true, 31",
    "16384, 2, 16000, true, 1"
  })
  void aCallIsAsLongAsItsInputsAllow(
      int input, int latent, int batch, boolean binarised, int most) {
    var plan =
        new TrainingPlan(
            new NetworkShape(input, 512, latent),
            new Objective(LossFormula.LOGITS, 1),
            RmsPropSettings.TUTORIAL,
            Schedule.CONSTANT,
            binarised,
            10_000,
            batch,
            1_000,
            new Seed(1));
    assertThat(TrainingLoop.most(plan)).isEqualTo(most);
  }
}

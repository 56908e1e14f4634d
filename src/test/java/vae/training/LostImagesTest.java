package vae.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vae.config.Computation;
import vae.config.Device;
import vae.config.LossFormula;
import vae.config.NetworkShape;
import vae.config.RmsPropSettings;
import vae.config.Seed;
import vae.config.Threads;
import vae.config.TrainingPlan;
import vae.mnist.DataException;
import vae.mnist.Images;
import vae.mnist.Labels;
import vae.mnist.SyntheticImages;
import vae.storage.ModelStore;

/** Images that are gone when a model is to be published, as those of a list may be. */
class LostImagesTest {
  private static final int IMAGES = 100;

  @TempDir private Path models;

  @Test
  void theModelIsPublishedWithoutCodes() throws IOException {
    Images images = SyntheticImages.of(IMAGES, new Seed(1)).with(Labels.numbered(new byte[IMAGES]));
    var plan =
        new TrainingPlan(
            new NetworkShape(images.pixelsPerImage(), 8, 2),
            LossFormula.LOGITS,
            RmsPropSettings.TUTORIAL,
            5,
            16,
            1_000,
            new Seed(1));
    var all = TrainingData.of(images);
    var data =
        new TrainingData(
            all.count(),
            all.pixelsPerImage(),
            all.record(),
            all.source(),
            () -> {
              throw new DataException(Path.of("00007.png"), "no such data file");
            },
            all.heldOut(),
            all.classes());
    var computation = new Computation(Device.CPU, new Threads(2), false, false, false);
    List<String> warnings = new ArrayList<>();
    var listener =
        new RunListener() {
          @Override
          public void onWarning(String warning) {
            warnings.add(warning);
          }
        };
    new Training(plan, computation, data, new ModelStore(models)).run(listener, () -> false);
    assertThat(warnings)
        .containsExactly("no codes of the training images: 00007.png: no such data file");
    assertThat(models.resolve("1/saved_model.pb")).exists();
    assertThat(models.resolve("1/assets.extra/codes")).doesNotExist();
  }
}

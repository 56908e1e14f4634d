package vae.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vae.cli.DataOptions.TrainingData;
import vae.config.ClassNames;
import vae.config.Computation;
import vae.config.LossFormula;
import vae.config.NetworkShape;
import vae.config.RmsPropSettings;
import vae.config.Seed;
import vae.config.Threads;
import vae.config.TrainingPlan;
import vae.mnist.DataException;
import vae.mnist.Images;
import vae.mnist.SyntheticImages;
import vae.storage.ModelStore;
import vae.storage.TrainedImages;
import vae.storage.TrainingRecord;
import vae.train.ImagesInMemory;

/** Images that are gone when a model is to be published, as those of a list may be. */
class LostImagesTest {
  private static final int IMAGES = 100;

  @TempDir private Path models;

  @Test
  void theModelIsPublishedWithoutCodes() throws IOException {
    Images images = SyntheticImages.of(IMAGES, new Seed(1));
    var plan =
        new TrainingPlan(
            new NetworkShape(images.pixelsPerImage(), 8, 2),
            LossFormula.LOGITS,
            RmsPropSettings.TUTORIAL,
            5,
            16,
            1_000,
            new Seed(1));
    var trained = new TrainedImages(IMAGES, images.sha256(), Optional.empty(), false);
    var data =
        new TrainingData(
            IMAGES,
            images.pixelsPerImage(),
            () -> trained,
            any -> new ImagesInMemory(images, any.batchSize(), any.seed()),
            () -> images,
            () -> {
              throw new DataException(Path.of("00007.png"), "no such data file");
            },
            Optional.empty(),
            Optional.of(ClassNames.numbered(10)));
    var computation = Computation.onCpu(new Threads(2), false);
    var start =
        Background.start(
            "record", () -> new TrainingRecord(plan, computation, trained, 0, Float.NaN));
    int code =
        new TrainingRun(
                plan,
                computation,
                data,
                start,
                Optional.empty(),
                Checkpoints.none(),
                new ModelStore(models))
            .call();
    assertThat(code).isEqualTo(ExitCode.OK);
    assertThat(models.resolve("1/saved_model.pb")).exists();
    assertThat(models.resolve("1/assets.extra/codes")).doesNotExist();
  }
}

package vae.training;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import vae.config.Computation;
import vae.config.TrainingPlan;
import vae.files.ModelException;
import vae.storage.ModelStore;
import vae.train.DivergedException;
import vae.train.StepReport;

/**
 * A training from its first step, or the one after a checkpoint, to the published model.
 *
 * @param plan what is computed
 * @param computation how, by a TensorFlow that is started
 * @param data what it is trained on
 * @param tensorBoard the folder for its events; nothing if there are to be none
 * @param checkpoints closed by their owner
 * @param models where it is published
 */
public record Training(
    TrainingPlan plan,
    Computation computation,
    TrainingData data,
    Optional<Path> tensorBoard,
    Checkpoints checkpoints,
    ModelStore models) {

  /** A new training that saves no checkpoints, and nothing for TensorBoard. */
  public Training(
      TrainingPlan plan, Computation computation, TrainingData data, ModelStore models) {
    this(plan, computation, data, Optional.empty(), Checkpoints.none(), models);
  }

  /**
   * What came of it.
   *
   * @param last the last step taken
   * @param published the model's folder; nothing if it was stopped before the plan's last step
   */
  public record Outcome(StepReport last, Optional<Path> published) {}

  /**
   * Trains, saves on the way, and publishes.
   *
   * @param stop is asked after each step, or a call of several, whether to take no more
   * @throws IOException if an image can't be read, or the model not be written
   * @throws DivergedException if it came to values that are not finite; they are not saved
   */
  public Outcome run(RunListener listener, BooleanSupplier stop) throws IOException {
    try {
      return TrainingRun.of(this, listener, stop);
    } catch (DivergedException e) {
      throw e.withRemedy(kept());
    }
  }

  /**
   * What there is after a training that came to no end, for people.
   *
   * @throws ModelException if the folder of models can't be read
   */
  public String kept() throws ModelException {
    String model =
        models
            .newestVersion()
            .map(version -> models.base().resolve(String.valueOf(version)) + " is kept as it was")
            .orElse("there is still no model in " + models.base());
    return checkpoints
        .last()
        .map(path -> "no model was saved, %s; the last checkpoint is %s".formatted(model, path))
        .orElse("nothing was saved, " + model);
  }
}

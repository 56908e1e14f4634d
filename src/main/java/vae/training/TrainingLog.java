package vae.training;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Optional;
import vae.functions.ModelInSession;
import vae.latent.LatentGrid;
import vae.model.VaeGraph;
import vae.picture.ImageBatch;
import vae.picture.Png;
import vae.picture.Tiling;
import vae.tensor.ImageShape;
import vae.tensor.Values;
import vae.train.StepReport;
import vae.train.ValidationLoss;

/**
 * What a training tells of its steps: to its listener, and, of those that are logged, to
 * TensorBoard: curves, and the digits of the plane as they form.
 */
final class TrainingLog implements AutoCloseable {
  private static final int SIDE = 20;
  private static final double REACH = 3;

  private final ModelInSession model;
  private final float beta;
  private final Optional<EventFile> events;
  private final Optional<ValidationLoss> validation;
  private int lastStep;
  private long lastNanos = System.nanoTime();

  /**
   * Opens what a training writes to.
   *
   * @param step the last one taken before
   */
  TrainingLog(Training training, VaeGraph vae, ModelInSession model, int step) throws IOException {
    this.model = model;
    this.beta = training.plan().objective().beta();
    this.events =
        training.tensorBoard().isPresent()
            ? Optional.of(EventFile.in(training.tensorBoard().get()))
            : Optional.empty();
    this.validation =
        training
            .data()
            .heldOut()
            .map(
                images -> new ValidationLoss(vae, model.session(), images, training.plan().seed()));
    this.lastStep = step;
  }

  /** Tells of a step, with the loss of the images held out if it is logged and there are any. */
  void show(StepReport report, RunListener listener) throws IOException {
    Optional<StepReport.Logged> logged = report.logged();
    Optional<Float> held =
        logged.isPresent() ? validation.map(ValidationLoss::now) : Optional.empty();
    listener.onStep(report, held);
    if (logged.isPresent() && events.isPresent()) {
      show(report.step(), logged.get(), held, events.get());
    }
  }

  private void show(int step, StepReport.Logged logged, Optional<Float> heldOut, EventFile board)
      throws IOException {
    if (heldOut.isPresent()) {
      board.scalar("loss/validation", step, heldOut.get());
    }
    board.scalar("loss", step, logged.loss());
    board.scalar("loss/reconstruction", step, logged.loss() - beta * logged.kl());
    board.scalar("loss/kl", step, logged.kl());
    long now = System.nanoTime();
    board.scalar("steps_per_second", step, (step - lastStep) / ((now - lastNanos) / 1e9));
    float[][] z = LatentGrid.within(LatentGrid.linear(SIDE, REACH), model.vae().latentSize());
    Values images = model.vae().generate(Values.of(z));
    if (ImageShape.of(images.rowShape()).isPresent()) {
      BufferedImage manifold = Tiling.of(ImageBatch.of(images), 1, SIDE, 0);
      board.image(
          "manifold", step, Png.encode(manifold), manifold.getWidth(), manifold.getHeight());
    }
    lastStep = step;
    lastNanos = System.nanoTime(); // The picture is no part of the training.
  }

  @Override
  public void close() throws IOException {
    validation.ifPresent(ValidationLoss::close);
    if (events.isPresent()) {
      events.get().close();
    }
  }
}

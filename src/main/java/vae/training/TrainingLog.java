package vae.training;

import java.io.IOException;
import java.util.Optional;
import vae.functions.ModelInSession;
import vae.model.VaeGraph;
import vae.train.StepReport;
import vae.train.ValidationLoss;

/** What a training tells of its steps, and of those that are logged to TensorBoard. */
final class TrainingLog implements AutoCloseable {
  private final ModelInSession model;
  private final Optional<ValidationLoss> validation;
  private final Optional<TrainingBoard> board;

  private TrainingLog(
      ModelInSession model, Optional<ValidationLoss> validation, Optional<TrainingBoard> board) {
    this.model = model;
    this.validation = validation;
    this.board = board;
  }

  /**
   * Opens what a training writes to.
   *
   * @param step the last one taken before
   */
  static TrainingLog of(Training training, VaeGraph vae, ModelInSession model, int step)
      throws IOException {
    Optional<TrainingBoard> board = Optional.empty();
    if (training.tensorBoard().isPresent()) {
      float beta = training.plan().objective().beta();
      board = Optional.of(new TrainingBoard(training.tensorBoard().get(), beta, step));
    }
    return new TrainingLog(
        model,
        training
            .data()
            .heldOut()
            .map(
                images -> new ValidationLoss(vae, model.session(), images, training.plan().seed())),
        board);
  }

  /** Tells of a step, with the loss of the images held out if it is logged and there are any. */
  void show(StepReport report, RunListener listener) throws IOException {
    boolean logged = report.logged().isPresent();
    Optional<Float> held = Optional.empty();
    if (logged && validation.isPresent()) {
      held = Optional.of(validation.get().now());
      if (board.isPresent()) {
        board.get().showValidation(report.step(), held.get());
      }
    }
    listener.onStep(report, held);
    if (logged && board.isPresent()) {
      board.get().show(report, model);
    }
  }

  @Override
  public void close() throws IOException {
    validation.ifPresent(ValidationLoss::close);
    if (board.isPresent()) {
      board.get().close();
    }
  }
}

package vae.cli;

import java.io.IOException;
import java.util.Optional;
import vae.model.VaeGraph;
import vae.storage.ModelInSession;
import vae.train.StepReport;
import vae.train.ValidationLoss;

/**
 * What a training says of itself at the steps where it is logged: the tutorial's line, and more.
 */
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
   * Opens what a run writes to.
   *
   * @param step the last one taken before
   */
  static TrainingLog of(TrainingRun run, VaeGraph vae, ModelInSession model, int step)
      throws IOException {
    Optional<TrainingBoard> board = Optional.empty();
    if (run.tensorBoard().isPresent()) {
      float beta = run.plan().objective().beta();
      board = Optional.of(new TrainingBoard(run.tensorBoard().get(), beta, step));
    }
    return new TrainingLog(
        model,
        run.data()
            .heldOut()
            .map(images -> new ValidationLoss(vae, model.session(), images, run.plan().seed())),
        board);
  }

  /** Prints what the tutorial prints, with the loss of the images held out if there are any. */
  void show(StepReport report) throws IOException {
    String line =
        "step %d ,loss %.4f".formatted(report.step(), report.logged().orElseThrow().loss());
    if (validation.isPresent()) {
      float held = validation.get().now();
      line += " ,validation %.4f".formatted(held);
      if (board.isPresent()) {
        board.get().showValidation(report.step(), held);
      }
    }
    System.out.println(line);
    System.out.flush();
    if (board.isPresent()) {
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

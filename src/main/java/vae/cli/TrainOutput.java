package vae.cli;

import java.util.Optional;
import java.util.function.IntPredicate;
import vae.latent.Progress;
import vae.train.StepReport;
import vae.training.RunListener;

/** What {@code train} prints: the tutorial's lines, and on a terminal how far it has come. */
final class TrainOutput implements RunListener, AutoCloseable {
  private final int steps;
  private final IntPredicate isSaved;
  private final CountLine jobs = new CountLine();
  private Optional<ProgressLine> progress = Optional.empty();

  /**
   * Of a training.
   *
   * @param steps the last one
   * @param isSaved whether a checkpoint is saved after a step
   */
  TrainOutput(int steps, IntPredicate isSaved) {
    this.steps = steps;
    this.isSaved = isSaved;
  }

  @Override
  public void onStart(int before) {
    progress = Optional.of(new ProgressLine(before, steps));
  }

  @Override
  public void onStep(StepReport report, Optional<Float> heldOut) {
    if (report.logged().isPresent()) {
      close();
      String line =
          "step %d ,loss %.4f".formatted(report.step(), report.logged().orElseThrow().loss());
      System.out.println(line + heldOut.map(" ,validation %.4f"::formatted).orElse(""));
      System.out.flush();
    }
    progress.orElseThrow().show(report.step(), report.loss());
    if (isSaved.test(report.step())) {
      close();
    }
  }

  @Override
  public void onEnd(StepReport last) {
    close();
    if (last.step() == steps) {
      System.out.println("optimization finished");
      System.err.println(progress.orElseThrow().summary());
    }
  }

  @Override
  public Progress onJob(String job) {
    return jobs.begin(job);
  }

  @Override
  public void onNote(String note) {
    close();
    System.err.println(note);
  }

  @Override
  public void onWarning(String warning) {
    onNote("warning: " + warning);
  }

  /** Makes room for lines of another kind. */
  @Override
  public void close() {
    progress.ifPresent(ProgressLine::clear);
    jobs.close();
  }
}

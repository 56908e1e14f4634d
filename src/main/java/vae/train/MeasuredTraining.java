package vae.train;

import java.io.IOException;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import vae.config.Computation;
import vae.config.TrainingPlan;
import vae.model.TrainingStep;
import vae.model.VaeGraph;
import vae.runtime.Sessions;

/**
 * What a training that saves nothing came to.
 *
 * @param firstStepAt when the first step was done, in milliseconds since 1970
 * @param stepsPerSecond after the warm-up
 * @param firstLoss of the first step, before its update, in nats
 * @param lastLoss of the last step, before its update, in nats
 */
public record MeasuredTraining(
    long firstStepAt, double stepsPerSecond, float firstLoss, float lastLoss) {
  private static final double NANOS = 1e9;

  /**
   * Trains as the command {@code train} does.
   *
   * @param plan its steps are those that are measured
   * @param warmup steps that are taken first, from 1
   * @param images how many there are
   * @param batches makes a plan's batches, which are closed here
   * @param listener is told of each step
   * @throws DivergedException if a loss is not finite
   * @throws IOException if a batch can't be had, or the listener throws it
   */
  public static MeasuredTraining run(
      TrainingPlan plan,
      int warmup,
      Computation computation,
      int images,
      Batches.Source batches,
      TrainingListener listener)
      throws IOException {
    // One more, because after the last one the trainer computes the loss once again.
    TrainingPlan taken = plan.withMoreSteps(warmup + 1);
    var watch = new Watch(warmup, warmup + plan.steps(), listener);
    try (Graph graph = new Graph()) {
      VaeGraph vae = VaeGraph.build(graph, taken);
      TrainingStep trainingStep = TrainingStep.quickest(vae, taken, computation, images);
      try (Session session =
              new Session(graph, Sessions.config(computation.device(), computation.threads()));
          Batches source = batches.of(taken);
          Trainer trainer = new Trainer(taken, trainingStep, session, source)) {
        session.initialize();
        trainer.run(1, watch, () -> false);
      }
    }
    double seconds = (watch.done - watch.warm) / NANOS;
    return new MeasuredTraining(
        watch.firstStepAt, plan.steps() / seconds, watch.firstLoss, watch.lastLoss);
  }

  /** Notes what is asked for as the steps pass, and tells of them. */
  private static final class Watch implements TrainingListener {
    private final int warmup;
    private final int last;
    private final TrainingListener listener;
    private long firstStepAt;
    private long warm;
    private long done;
    private float firstLoss;
    private float lastLoss;

    Watch(int warmup, int last, TrainingListener listener) {
      this.warmup = warmup;
      this.last = last;
      this.listener = listener;
    }

    @Override
    public void onStep(StepReport report) throws IOException {
      if (report.step() == 1) {
        firstStepAt = System.currentTimeMillis();
        firstLoss = report.loss();
      }
      if (report.step() == warmup) {
        warm = System.nanoTime();
      }
      if (report.step() == last) {
        done = System.nanoTime();
        lastLoss = report.loss();
      }
      listener.onStep(report);
    }

    @Override
    public boolean pausesAfter(int step) {
      return step == warmup || step == last || listener.pausesAfter(step);
    }

    @Override
    public void onNotCompiled(String why) {
      listener.onNotCompiled(why);
    }
  }
}

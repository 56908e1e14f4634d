package vae.train;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import org.tensorflow.Session;
import vae.config.TrainingPlan;
import vae.mnist.DataException;
import vae.model.TrainingStep;
import vae.train.StepReport.Logged;

/**
 * The tutorial's training loop. Batches and noise are functions of (seed, step), those of an image
 * list's queues apart: so the same plan gives the same variables, however its steps are cut into
 * calls; what is logged changes nothing.
 */
public final class Trainer implements AutoCloseable {
  private final TrainingPlan plan;
  private final FedSteps fed;
  private final Steps steps;

  /**
   * Prepares a run; closing the trainer frees its input tensors.
   *
   * @param trainingStep of the plan's graph; its loop is used where the images are in memory
   * @param session of that graph, whose owner closes it
   * @param batches of the plan's size; their owner closes them
   */
  public Trainer(TrainingPlan plan, TrainingStep trainingStep, Session session, Batches batches) {
    this.plan = plan;
    this.fed = new FedSteps(plan, trainingStep, session, batches);
    this.steps =
        trainingStep.loop().isPresent() && batches instanceof ImagesInMemory inMemory
            ? new LoopedSteps(plan, trainingStep.loop().get(), session, inMemory.images())
            : fed;
  }

  /**
   * Trains until the plan is done, or until it is asked to stop.
   *
   * @param firstStep 1, or where an earlier run has left off
   * @param listener is told of each step, in order; of a call's steps after the call
   * @param stop asked before each call
   * @return the last step taken
   * @throws DivergedException if the loss of a step, or after the last one, is not finite
   * @throws IOException if a batch can't be had, or the listener throws it
   */
  public int run(int firstStep, TrainingListener listener, BooleanSupplier stop)
      throws IOException {
    steps.start(firstStep, first -> lastOfCall(first, listener), listener);
    int first = firstStep;
    while (first <= plan.steps() && !stop.getAsBoolean()) {
      if (!steps.isReady(first)) {
        continue;
      }
      int last = lastOfCall(first, listener);
      float[] losses = steps.take(first, last);
      for (int step = first; step <= last; step++) {
        float loss = losses[step - first];
        requireFinite(step, loss);
        listener.onStep(new StepReport(step, loss, logged(step)));
      }
      first = last + 1;
    }
    return first - 1;
  }

  /** The step from which on XLA's code trains; nothing if none of the plan's is. */
  public OptionalInt compiledFrom() {
    return steps.compiledFrom();
  }

  /**
   * The gradients of a step's loss, by the parameter's name and row-major; nothing is changed.
   *
   * @throws DataException if the batch can't be had
   */
  public Map<String, float[]> gradients(int step) throws DataException {
    return fed.gradients(step);
  }

  @Override
  public void close() {
    steps.close();
    fed.close();
  }

  /** Whoever looks at the variables after a step finds them as they are after it. */
  private int lastOfCall(int first, TrainingListener listener) {
    int most = Math.min(steps.last(first), plan.steps());
    int last = first;
    while (last < most && !plan.isLogged(last) && !listener.pausesAfter(last)) {
      last++;
    }
    return last;
  }

  private Optional<Logged> logged(int step) throws DataException {
    if (!plan.isLogged(step) && step != plan.steps()) {
      return Optional.empty();
    }
    // After the last step too, where no other step's loss would show a spoilt update.
    Logged after = fed.after(step);
    requireFinite(step, after.loss());
    return plan.isLogged(step) ? Optional.of(after) : Optional.empty();
  }

  private static void requireFinite(int step, float loss) {
    if (!Float.isFinite(loss)) {
      throw new DivergedException(step, "loss", loss);
    }
  }
}

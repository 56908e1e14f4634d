package vae.train;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;
import vae.config.Seed.Purpose;
import vae.config.TrainingPlan;
import vae.mnist.DataException;
import vae.model.TrainingStep;
import vae.runtime.FloatTensors;
import vae.train.StepReport.Logged;

/**
 * The tutorial's training loop. Batches and noise are fed, the noise a function of (seed, step).
 * Where the batches are that too, the same plan gives the same variables; what is logged changes
 * nothing.
 */
public final class Trainer implements AutoCloseable {
  private final TrainingPlan plan;
  private final TrainingStep trainingStep;
  private final Session session;
  private final Batches batches;
  private final float[] pixels;
  private final float[] noise;
  private final TFloat32 batchX;
  private final TFloat32 epsilon;
  private final TFloat32 encoderInput;
  private final TFloat32 learningRate;

  /**
   * Prepares a run; closing the trainer frees its input tensors.
   *
   * @param trainingStep of the plan's graph
   * @param session of that graph, with initialised variables; its owner closes it
   * @param batches of the plan's size; their owner closes them
   */
  public Trainer(TrainingPlan plan, TrainingStep trainingStep, Session session, Batches batches) {
    this.plan = plan;
    this.trainingStep = trainingStep;
    this.session = session;
    this.batches = batches;
    this.pixels = new float[plan.batchSize() * plan.shape().input()];
    this.noise = new float[plan.batchSize() * plan.shape().latent()];
    this.batchX = TFloat32.tensorOf(Shape.of(plan.batchSize(), plan.shape().input()));
    this.epsilon = TFloat32.tensorOf(Shape.of(plan.batchSize(), plan.shape().latent()));
    this.encoderInput = TFloat32.tensorOf(batchX.shape());
    this.learningRate = TFloat32.scalarOf(plan.optimizer().learningRate());
  }

  /**
   * Trains until the plan is done, or until it is asked to stop.
   *
   * @param firstStep 1, or where an earlier run has left off
   * @param stop asked before each step
   * @return the last step taken
   * @throws DivergedException if the loss of a step, or after the last one, is not finite
   * @throws IOException if a batch can't be had, or the listener throws it
   */
  public int run(int firstStep, TrainingListener listener, BooleanSupplier stop)
      throws IOException {
    for (int step = firstStep; step <= plan.steps(); step++) {
      if (stop.getAsBoolean()) {
        return step - 1;
      }
      takeBatch(step);
      float loss = requireFinite(step, trainStep(step));

      Optional<Logged> logged = Optional.empty();
      if (plan.isLogged(step) || step == plan.steps()) {
        // After the last step too, where no other step's loss would show a spoilt update.
        Logged after = after(step);
        requireFinite(step, after.loss());
        if (plan.isLogged(step)) {
          logged = Optional.of(after);
        }
      }
      listener.onStep(new StepReport(step, loss, logged));
    }
    return plan.steps();
  }

  /**
   * The gradients of a step's loss, by the parameter's name and row-major; nothing is changed.
   *
   * @throws DataException if the batch can't be had
   */
  public Map<String, float[]> gradients(int step) throws DataException {
    takeBatch(step);
    Map<String, float[]> gradients = new LinkedHashMap<>();
    Session.Runner runner = feedTraining(step, session.runner());
    trainingStep.gradients().values().forEach(runner::fetch);
    try (Result result = runner.run()) {
      int i = 0;
      for (String name : trainingStep.gradients().keySet()) {
        gradients.put(name, FloatTensors.values((TFloat32) result.get(i++)));
      }
    }
    return gradients;
  }

  @Override
  public void close() {
    batchX.close();
    epsilon.close();
    encoderInput.close();
    learningRate.close();
  }

  private float trainStep(int step) {
    Session.Runner runner = session.runner().addTarget(trainingStep.update());
    try (Result result = feedTraining(step, runner).fetch(trainingStep.loss()).run()) {
      return ((TFloat32) result.get(0)).getFloat();
    }
  }

  private Logged after(int step) {
    Session.Runner runner = feed(step, Purpose.LOGGING_NOISE, batchX, session.runner());
    try (Result result = runner.fetch(trainingStep.loss()).fetch(trainingStep.kl()).run()) {
      return new Logged(
          ((TFloat32) result.get(0)).getFloat(), ((TFloat32) result.get(1)).getFloat());
    }
  }

  private void takeBatch(int step) throws DataException {
    batches.copyBatch(step, pixels);
    FloatTensors.write(batchX, pixels);
  }

  private Session.Runner feedTraining(int step, Session.Runner runner) {
    if (trainingStep.learningRate().isPresent()) {
      learningRate.setFloat(plan.learningRate(step));
      runner.feed(trainingStep.learningRate().get(), learningRate);
    }
    if (!plan.binarised()) {
      return feed(step, Purpose.TRAINING_NOISE, batchX, runner);
    }
    FloatTensors.write(encoderInput, Binarised.drawn(plan.seed(), step, pixels));
    return feed(step, Purpose.TRAINING_NOISE, encoderInput, runner);
  }

  private Session.Runner feed(int step, Purpose purpose, TFloat32 seen, Session.Runner runner) {
    plan.seed().fillNormal(purpose, step, noise);
    FloatTensors.write(epsilon, noise);
    runner.feed(trainingStep.x(), batchX).feed(trainingStep.epsilon(), epsilon);
    return plan.binarised() ? runner.feed(trainingStep.encoderInput(), seen) : runner;
  }

  private static float requireFinite(int step, float loss) {
    if (!Float.isFinite(loss)) {
      throw new DivergedException(step, "loss", loss);
    }
    return loss;
  }
}

package vae.train;

import java.util.LinkedHashMap;
import java.util.Map;
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

/** A step a call, whose images and noise are fed. */
final class FedSteps implements Steps {
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

  /** The step whose batch is held; 0 for none. */
  private int held;

  FedSteps(TrainingPlan plan, TrainingStep trainingStep, Session session, Batches batches) {
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

  @Override
  public int last(int first) {
    return first;
  }

  @Override
  public float[] take(int first, int last) throws DataException {
    hold(first);
    Session.Runner runner = session.runner().addTarget(trainingStep.update());
    try (Result result = feedTraining(first, runner).fetch(trainingStep.loss()).run()) {
      return new float[] {((TFloat32) result.get(0)).getFloat()};
    }
  }

  /** What is logged after a step: of its batch, with fresh noise; nothing is changed. */
  Logged after(int step) throws DataException {
    hold(step);
    Session.Runner runner = feed(step, Purpose.LOGGING_NOISE, batchX, session.runner());
    try (Result result = runner.fetch(trainingStep.loss()).fetch(trainingStep.kl()).run()) {
      return new Logged(
          ((TFloat32) result.get(0)).getFloat(), ((TFloat32) result.get(1)).getFloat());
    }
  }

  /** The gradients of a step's loss, by the parameter's name and row-major; nothing is changed. */
  Map<String, float[]> gradients(int step) throws DataException {
    hold(step);
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

  /** Takes the batch of a step, once: a queue would give another. */
  private void hold(int step) throws DataException {
    if (step != held) {
      batches.copyBatch(step, pixels);
      FloatTensors.write(batchX, pixels);
      held = step;
    }
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
}

package vae.training;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;
import vae.config.Computation;
import vae.config.TrainingPlan;
import vae.functions.ModelInSession;
import vae.mnist.DataException;
import vae.model.TrainingStep;
import vae.model.VaeGraph;
import vae.runtime.Background;
import vae.runtime.FloatTensors;
import vae.runtime.Sessions;
import vae.storage.Labelling;
import vae.storage.SavedModelWriter;
import vae.storage.TrainedImages;
import vae.storage.TrainingRecord;
import vae.train.Batches;
import vae.train.DivergedException;
import vae.train.StepReport;
import vae.train.Trainer;
import vae.train.TrainingListener;

/**
 * A training in its graph and session.
 *
 * @param images what it is trained on, with their sum
 */
record TrainingRun(
    Training training,
    RunListener listener,
    Background<TrainedImages> images,
    VaeGraph vae,
    ModelInSession model) {

  /** What {@link Training#run} does. */
  static Training.Outcome of(Training training, RunListener listener, BooleanSupplier stop)
      throws IOException {
    TrainingPlan plan = training.plan();
    Computation computation = training.computation();
    TrainingData data = training.data();
    // The data's sum is taken beside the first steps: nothing is saved so soon.
    Background<TrainedImages> images = Background.start("data-sum", data.record()::get);
    try (Graph graph = new Graph()) {
      VaeGraph vae = VaeGraph.build(graph, plan);
      TrainingStep trainingStep = TrainingStep.quickest(vae, plan, computation, data.count());
      try (Session session =
              new Session(graph, Sessions.config(computation.device(), computation.threads()));
          Batches batches = data.batches(plan, computation.device());
          Trainer trainer = new Trainer(plan, trainingStep, session, batches)) {
        var model = ModelInSession.of(vae, session);
        // What reading and building leave behind is as large as what stays, and training would
        // carry it along: it makes too little garbage to be rid of it.
        System.gc();
        return new TrainingRun(training, listener, images, vae, model).call(trainer, stop);
      }
    }
  }

  private Training.Outcome call(Trainer trainer, BooleanSupplier stop) throws IOException {
    StepReport before = prepare();
    StepReport last;
    try (TrainingLog log = new TrainingLog(training, vae, model, before.step())) {
      last = train(trainer, before, log, stop);
    }
    if (last.step() > 0) {
      save(last);
    }
    return new Training.Outcome(
        last,
        last.step() < training.plan().steps() ? Optional.empty() : Optional.of(publish(last)));
  }

  /** Gives the variables their first values, or the checkpoint's. */
  private StepReport prepare() throws IOException {
    Optional<CheckpointStore.Saved> from = training.checkpoints().from();
    if (from.isEmpty()) {
      model.session().initialize();
      return new StepReport(0, Float.NaN, Optional.empty());
    }
    from.get().restore(vae, model.session());
    TrainingRecord before = from.get().training();
    requireFinite(before.step());
    return new StepReport(before.step(), before.loss(), Optional.empty());
  }

  /** The last step taken. */
  private StepReport train(
      Trainer trainer, StepReport before, TrainingLog log, BooleanSupplier stop)
      throws IOException {
    if (before.step() == training.plan().steps()) {
      return before;
    }
    trainer
        .compiledFrom()
        .ifPresent(
            step -> listener.onNote("XLA compiles the step meanwhile, for %,d on".formatted(step)));
    listener.onStart(before.step());
    var last = new AtomicReference<>(before);
    trainer.run(
        before.step() + 1,
        new TrainingListener() {
          @Override
          public void onStep(StepReport report) throws IOException {
            log.show(report, listener);
            if (report.step() == before.step() + 1) {
              training.checkpoints().begin(listener);
            }
            if (training.checkpoints().isDue(report.step())) {
              save(report);
            }
            last.set(report);
          }

          @Override
          public boolean pausesAfter(int step) {
            return training.checkpoints().isDue(step);
          }

          @Override
          public void onNotCompiled(String why) {
            listener.onWarning("slower, without XLA: " + why);
          }
        },
        stop);
    StepReport taken = Objects.requireNonNull(last.get());
    listener.onEnd(taken);
    return taken;
  }

  private void save(StepReport last) throws IOException {
    requireFinite(last.step());
    training.checkpoints().save(model, record(last), listener);
  }

  /**
   * Looks at every value of the parameters and their slots: the loss of a step says nothing of the
   * update after it.
   */
  private void requireFinite(int step) {
    List<Variable<TFloat32>> variables = vae.variables();
    Session.Runner runner = model.session().runner();
    variables.forEach(runner::fetch);
    try (Result values = runner.run()) {
      for (int i = 0; i < variables.size(); i++) {
        for (float value : FloatTensors.values((TFloat32) values.get(i))) {
          if (!Float.isFinite(value)) {
            throw new DivergedException(step, variables.get(i).op().name(), value);
          }
        }
      }
    }
  }

  private Path publish(StepReport last) throws IOException {
    TrainingRecord record = record(last);
    Optional<Labelling> labelling = labelling();
    return training
        .models()
        .publish(folder -> SavedModelWriter.write(model, Optional.of(record), labelling, folder));
  }

  /** What a z means can then be told without the training images. */
  private Optional<Labelling> labelling() throws IOException {
    if (training.data().classes().isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          LabellingFit.of(
              model.vae()::encode,
              training.data().trained().images(),
              Math.min(training.plan().steps(), JudgeTraining.MOST_STEPS),
              training.computation().threads(),
              listener::onJob));
    } catch (DataException e) {
      // Files of an image list may be gone by now: no reason to lose what was trained.
      listener.onWarning("no codes of the training images: " + e.getMessage());
      return Optional.empty();
    }
  }

  private TrainingRecord record(StepReport last) throws IOException {
    return new TrainingRecord(
        training.plan(), training.computation(), images.finish(), last.step(), last.loss());
  }
}

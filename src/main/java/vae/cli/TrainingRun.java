package vae.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import vae.cli.DataOptions.TrainingData;
import vae.config.Computation;
import vae.config.TrainingPlan;
import vae.mnist.DataException;
import vae.model.TrainingStep;
import vae.model.VaeGraph;
import vae.runtime.Sessions;
import vae.storage.CheckpointStore;
import vae.storage.Labelling;
import vae.storage.ModelException;
import vae.storage.ModelInSession;
import vae.storage.ModelStore;
import vae.storage.SavedModelWriter;
import vae.storage.TrainingRecord;
import vae.train.Batches;
import vae.train.DivergedException;
import vae.train.FiniteVariables;
import vae.train.JudgeTraining;
import vae.train.StepReport;
import vae.train.Trainer;
import vae.train.TrainingListener;

/**
 * A training from its first step, or the one after a checkpoint, to the published model.
 *
 * @param start how it stands when nothing has been trained
 * @param tensorBoard the folder for its events; nothing if there are to be none
 * @param checkpoints closed by their owner
 */
record TrainingRun(
    TrainingPlan plan,
    Computation computation,
    TrainingData data,
    Background<TrainingRecord> start,
    Optional<Path> tensorBoard,
    Checkpoints checkpoints,
    ModelStore models) {

  /**
   * Trains, saves on the way, and publishes.
   *
   * @return an exit code
   * @throws IOException if an image can't be read, or the model not be written
   * @throws DivergedException if it came to values that are not finite; they are not saved
   */
  int call() throws IOException {
    // The interruption is closed last: until then the JVM does not end.
    try (Interruption interruption = new Interruption();
        Graph graph = new Graph()) {
      VaeGraph vae = VaeGraph.build(graph, plan);
      TrainingStep trainingStep = TrainingStep.quickest(vae, plan, computation, data.count());
      try (Session session =
              new Session(graph, Sessions.config(computation.device(), computation.threads()));
          Batches batches = data.batches(plan, computation.device());
          Trainer trainer = new Trainer(plan, trainingStep, session, batches)) {
        ModelInSession model = ModelInSession.of(vae, session);
        // What reading and building leave behind is as large as what stays, and training would
        // carry it along: it makes too little garbage to be rid of it.
        System.gc();
        StepReport before = prepare(vae, session);
        StepReport last;
        try (TrainingLog log = TrainingLog.of(this, vae, model, before.step())) {
          last = train(vae, model, trainer, before, log, interruption);
        }
        if (last.step() > 0) {
          save(vae, model, last);
        }
        if (last.step() < plan.steps()) {
          System.err.printf("stopped after step %,d%n", last.step());
          System.err.println("interrupted; " + wayOn());
          return ExitCode.INTERRUPTED;
        }
        System.err.println("saved " + publish(model, last));
        return ExitCode.OK;
      }
    } catch (DivergedException e) {
      throw e.withRemedy(kept() + "; try --loss logits or a smaller --learning-rate");
    }
  }

  /** Gives the variables their first values, or the checkpoint's. */
  private StepReport prepare(VaeGraph vae, Session session) throws IOException {
    if (checkpoints.from().isEmpty()) {
      session.initialize();
      return new StepReport(0, Float.NaN, Optional.empty());
    }
    CheckpointStore.Saved from = checkpoints.from().get();
    from.restore(vae, session);
    FiniteVariables.require(vae, session, from.training().step());
    return new StepReport(from.training().step(), from.training().loss(), Optional.empty());
  }

  /** Prints what the tutorial prints; the last step taken. */
  private StepReport train(
      VaeGraph vae,
      ModelInSession model,
      Trainer trainer,
      StepReport before,
      TrainingLog log,
      Interruption interruption)
      throws IOException {
    if (before.step() == plan.steps()) {
      return before;
    }
    trainer
        .compiledFrom()
        .ifPresent(
            step -> System.err.printf("XLA compiles the step meanwhile, for %,d on%n", step));
    var progress = new ProgressLine(before.step(), plan.steps());
    var last = new AtomicReference<>(before);
    try {
      trainer.run(
          before.step() + 1,
          new TrainingListener() {
            @Override
            public void onStep(StepReport report) throws IOException {
              if (report.logged().isPresent()) {
                progress.clear();
                log.show(report);
              }
              progress.show(report.step(), report.loss());
              if (checkpoints.isDue(report.step())) {
                progress.clear();
                save(vae, model, report);
              }
              last.set(report);
            }

            @Override
            public boolean pausesAfter(int step) {
              return checkpoints.isDue(step);
            }

            @Override
            public void onNotCompiled(String why) {
              progress.clear();
              System.err.println("warning: slower, without XLA: " + why);
            }
          },
          interruption::requested);
    } finally {
      progress.clear();
    }
    StepReport taken = Objects.requireNonNull(last.get());
    if (taken.step() == plan.steps()) {
      System.out.println("optimization finished");
      System.err.println(progress.summary());
    }
    return taken;
  }

  private void save(VaeGraph vae, ModelInSession model, StepReport last) throws IOException {
    FiniteVariables.require(vae, model.session(), last.step());
    checkpoints.save(model, record(last));
  }

  private Path publish(ModelInSession model, StepReport last) throws IOException {
    TrainingRecord record = record(last);
    Optional<Labelling> labelling = labelling(model);
    return models.publish(
        folder -> SavedModelWriter.write(model, Optional.of(record), labelling, folder));
  }

  /** What a z means can then be told without the training images. */
  private Optional<Labelling> labelling(ModelInSession model) throws IOException {
    if (data.classes().isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          LabellingFit.of(
              model.vae()::encode,
              data.images().images(),
              Math.min(plan.steps(), JudgeTraining.MOST_STEPS),
              computation.threads()));
    } catch (DataException e) {
      // Files of an image list may be gone by now: no reason to lose what was trained.
      System.err.println("warning: no codes of the training images: " + e.getMessage());
      return Optional.empty();
    }
  }

  private TrainingRecord record(StepReport last) throws IOException {
    return start.finish().at(last.step(), last.loss());
  }

  private String wayOn() throws ModelException {
    return checkpoints.last().isPresent()
        ? "train --resume goes on from " + checkpoints.last().get()
        : kept();
  }

  /** What there is after a training that came to no end. */
  private String kept() throws ModelException {
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

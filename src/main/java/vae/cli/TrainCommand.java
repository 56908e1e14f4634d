package vae.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import vae.cli.DataOptions.TrainingData;
import vae.config.Device;
import vae.config.NetworkShape;
import vae.config.Threads;
import vae.config.TrainingPlan;
import vae.model.TrainingStep;
import vae.model.VaeGraph;
import vae.runtime.Sessions;
import vae.runtime.TensorFlowStartup;
import vae.storage.ModelException;
import vae.storage.ModelInSession;
import vae.storage.ModelStore;
import vae.storage.SavedModelWriter;
import vae.storage.TrainingRecord;
import vae.train.Batches;
import vae.train.NonFiniteLossException;
import vae.train.StepReport;
import vae.train.Trainer;

/** {@code train}: the tutorial's training program. */
@Command(
    name = "train",
    description = "Train the VAE and save it as the next number in the model folder.")
final class TrainCommand implements Callable<Integer> {
  /** Each parameter is saved with two slots, in float32. */
  private static final long BYTES_A_PARAMETER = 12;

  private static final long BYTES_OF_GRAPH = 1 << 20;

  @Mixin private PlanOptions options;
  @Mixin private DataOptions dataOptions;
  @Mixin private ThreadsOption threadsOption;
  @Mixin private CommonOptions common;

  @Override
  public Integer call() throws IOException {
    // What can be refused is refused at once, not after the seconds that the data takes.
    dataOptions.check();
    NetworkShape tutorials = options.plan(NetworkShape.TUTORIAL.input()).shape();
    ModelStore store = common.store();
    store.requireWritable(tutorials.parameters() * BYTES_A_PARAMETER + BYTES_OF_GRAPH);
    DataOptions.Reading reading = dataOptions.start();
    Device device = common.startTensorFlow();
    TrainingData data = reading.finish();
    TrainingPlan plan = options.plan(data.pixelsPerImage());
    Threads threads = threadsOption.threads();
    System.err.printf(
        "training %s on %,d images, seed %d, threads %d%n",
        plan.shape(), data.count(), plan.seed().value(), threads.count());

    // The interruption is closed last: until then the JVM does not end.
    try (Interruption interruption = new Interruption();
        Graph graph = new Graph()) {
      VaeGraph vae = VaeGraph.build(graph, plan);
      TrainingStep trainingStep = TrainingStep.quickest(vae, plan, device, threads);
      try (Session session = new Session(graph, Sessions.config(device, threads));
          Batches batches = data.batches(plan);
          Trainer trainer = new Trainer(plan, trainingStep, session, batches)) {
        session.initialize();
        Optional<StepReport> last = train(trainer, plan, interruption);
        if (last.isEmpty()) {
          System.err.println("interrupted; nothing was saved, " + kept(store));
          return ExitCode.INTERRUPTED;
        }
        var record =
            new TrainingRecord(
                plan,
                threads,
                TensorFlowStartup.usesOneDnn(),
                device,
                dataOptions.record(data),
                last.get().step(),
                last.get().loss());
        Path published =
            store.publish(
                folder ->
                    SavedModelWriter.write(
                        ModelInSession.of(vae, session), Optional.of(record), folder));
        System.err.println("saved " + published);
        return ExitCode.OK;
      }
    } catch (NonFiniteLossException e) {
      throw e.withRemedy(
          "nothing was saved, %s; try --loss logits or a smaller --learning-rate"
              .formatted(kept(store)));
    }
  }

  /** Trains, and prints what the tutorial prints; the last step, or nothing if interrupted. */
  private static Optional<StepReport> train(
      Trainer trainer, TrainingPlan plan, Interruption interruption) throws IOException {
    var progress = new ProgressLine(plan.steps());
    var last = new AtomicReference<StepReport>();
    int taken;
    try {
      taken =
          trainer.run(
              1,
              report -> {
                if (report.loggedLoss().isPresent()) {
                  progress.clear();
                  printLoss(report);
                }
                progress.show(report.step(), report.loss());
                last.set(report);
              },
              interruption::requested);
    } finally {
      progress.clear();
    }
    if (taken < plan.steps()) {
      System.err.printf("stopped after step %,d%n", taken);
      return Optional.empty();
    }
    System.out.println("optimization finished");
    System.err.println(progress.summary(taken));
    return Optional.ofNullable(last.get());
  }

  private static void printLoss(StepReport report) {
    System.out.printf("step %d ,loss %.4f%n", report.step(), report.loggedLoss().getAsDouble());
    System.out.flush();
  }

  private static String kept(ModelStore store) throws ModelException {
    return store
        .newestVersion()
        .map(version -> store.base().resolve(String.valueOf(version)) + " is kept as it was")
        .orElse("there is still no model in " + store.base());
  }
}

package vae.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import vae.cli.DataOptions.TrainingData;
import vae.config.Device;
import vae.config.NetworkShape;
import vae.config.Threads;
import vae.config.TrainingPlan;
import vae.model.TrainingStep;
import vae.model.VaeGraph;
import vae.runtime.Sessions;
import vae.train.Batches;
import vae.train.StepReport;
import vae.train.Trainer;

/** {@code benchmark train}: steps a second, and when the first one was done. */
@Command(
    name = "train",
    description = "Train as the command train does, and save nothing: steps a second.")
final class BenchmarkTrainCommand implements Callable<Integer> {
  private static final int MOST_WARMUP = 1_000_000;
  private static final int MOST_STEPS = 1_000_000_000;
  private static final double NANOS = 1e9;
  private static final double MILLIS = 1e3;

  @Spec private CommandSpec spec;
  @Mixin private PlanOptions options;
  @Mixin private DataOptions dataOptions;
  @Mixin private ThreadsOption threadsOption;
  @Mixin private DeviceOption deviceOption;

  @Option(
      names = "--warmup",
      paramLabel = "N",
      defaultValue = "500",
      description = "Steps to take first, not measured (default: ${DEFAULT-VALUE}).")
  private int warmup;

  private double firstStepAt;
  private long warm;
  private int last;
  private long done;
  private float loss;

  @Override
  public Integer call() throws IOException {
    if (warmup < 1 || warmup > MOST_WARMUP) {
      throw new ParameterException(
          spec.commandLine(),
          "--warmup must be between 1 and %,d, found %,d".formatted(MOST_WARMUP, warmup));
    }
    TrainingPlan tutorials = options.plan(NetworkShape.TUTORIAL.input());
    if (tutorials.steps() > MOST_STEPS) {
      throw new ParameterException(
          spec.commandLine(),
          "--steps must be at most %,d here, found %,d".formatted(MOST_STEPS, tutorials.steps()));
    }
    dataOptions.check();
    DataOptions.Reading reading = dataOptions.start();
    Device device = deviceOption.startTensorFlow();
    TrainingData data = reading.finish();
    TrainingPlan measured = options.plan(data.pixelsPerImage());
    // One more, because after the last one the trainer computes the loss once again.
    TrainingPlan plan = measured.withMoreSteps(warmup + 1);
    last = warmup + measured.steps();
    Threads threads = threadsOption.threads();
    try (Graph graph = new Graph()) {
      VaeGraph vae = VaeGraph.build(graph, plan);
      TrainingStep trainingStep = TrainingStep.quickest(vae, plan, device, threads);
      try (Session session = new Session(graph, Sessions.config(device, threads));
          Batches batches = data.batches(plan);
          Trainer trainer = new Trainer(plan, trainingStep, session, batches)) {
        session.initialize();
        trainer.run(1, this::note, () -> false);
      }
    }
    double seconds = (done - warm) / NANOS;
    JsonLine.print(
        json -> {
          json.writeStringField("task", "train");
          json.writeNumberField("first_step", firstStepAt);
          json.writeNumberField("steps_per_s", measured.steps() / seconds);
          json.writeNumberField("loss", loss);
        });
    return ExitCode.OK;
  }

  private void note(StepReport report) {
    if (report.step() == 1) {
      firstStepAt = System.currentTimeMillis() / MILLIS;
    }
    if (report.step() == warmup) {
      warm = System.nanoTime();
    }
    if (report.step() == last) {
      done = System.nanoTime();
      loss = report.loss();
    }
  }
}

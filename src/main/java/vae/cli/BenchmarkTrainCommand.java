package vae.cli;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import vae.config.Device;
import vae.config.NetworkShape;
import vae.config.TrainingPlan;
import vae.train.MeasuredTraining;
import vae.training.TrainingData;

/** {@code benchmark train}: steps a second, and when the first one was done. */
@Command(
    name = "train",
    description = "Train as `train` does, save nothing, and report steps per second.")
final class BenchmarkTrainCommand implements Callable<Integer> {
  private static final int MOST_WARMUP = 1_000_000;
  private static final int MOST_STEPS = 1_000_000_000;
  private static final double MILLIS = 1e3;

  @Spec private CommandSpec spec;
  @Mixin private PlanOptions options;
  @Mixin private DataOptions dataOptions;
  @Mixin private ComputationOptions computationOptions;
  @Mixin private DeviceOption deviceOption;

  @Option(
      names = "--warmup",
      paramLabel = "N",
      defaultValue = "500",
      description = "Steps before the measurement starts (default: ${DEFAULT-VALUE}).")
  private int warmup;

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
    Device device = deviceOption.startTensorFlow(Optional.empty(), computationOptions.tf32());
    TrainingData data = reading.finish();
    TrainingPlan plan = options.plan(data.pixelsPerImage());
    var computation = computationOptions.on(device);
    var measured =
        MeasuredTraining.run(
            plan,
            warmup,
            computation,
            data.count(),
            each -> data.batches(each, device),
            report -> {});
    JsonLine.print(
        json -> {
          json.writeStringField("task", "train");
          json.writeNumberField("first_step", measured.firstStepAt() / MILLIS);
          json.writeNumberField("steps_per_s", measured.stepsPerSecond());
          json.writeNumberField("loss", measured.lastLoss());
        });
    return ExitCode.OK;
  }
}

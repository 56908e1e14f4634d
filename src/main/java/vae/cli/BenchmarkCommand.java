package vae.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import vae.config.Device;
import vae.config.NetworkShape;
import vae.config.TrainingPlan;
import vae.mnist.Images;
import vae.report.Json;
import vae.tools.InferenceBenchmark;
import vae.train.MeasuredTraining;
import vae.training.TrainingData;

/** {@code benchmark}: what this program takes for its parts, for scripts/benchmark to compare. */
@Command(
    name = "benchmark",
    hidden = true,
    description =
        "Measure this program. The last line of standard output is JSON."
            + " scripts/benchmark runs it in turn with other programs.",
    synopsisSubcommandLabel = "(train | infer)",
    subcommands = {BenchmarkCommand.Train.class, BenchmarkCommand.Infer.class})
final class BenchmarkCommand extends CommonOptions.Help {

  /** {@code benchmark train}: steps a second, and when the first one was done. */
  @Command(
      name = "train",
      description = "Train as `train` does, save nothing, and report steps per second.")
  static final class Train implements Callable<Integer> {
    private static final int MOST_WARMUP = 1_000_000;
    private static final int MOST_STEPS = 1_000_000_000;
    private static final double MILLIS = 1e3;

    @Mixin private PlanOptions options;
    @Mixin private DataOptions dataOptions;
    @Mixin private ComputationOptions computationOptions;
    @Mixin private CommonOptions.Computing common;

    @Option(
        names = "--warmup",
        paramLabel = "N",
        defaultValue = "500",
        description = "Steps before the measurement starts (default: ${DEFAULT-VALUE}).")
    private int warmup;

    @Override
    public Integer call() throws IOException {
      common.requireBetween("--warmup", warmup, 1, MOST_WARMUP);
      int steps = options.plan(NetworkShape.TUTORIAL.input()).steps();
      if (steps > MOST_STEPS) {
        throw common.refused(
            "--steps must be at most %,d here, found %,d".formatted(MOST_STEPS, steps));
      }
      dataOptions.check();
      DataOptions.Reading reading = dataOptions.start();
      Device device = common.startTensorFlow(Optional.empty(), computationOptions.tf32());
      TrainingData data = reading.finish();
      TrainingPlan plan = options.plan(data.pixelsPerImage());
      var measured =
          MeasuredTraining.run(
              plan,
              warmup,
              computationOptions.on(device),
              data.count(),
              each -> data.batches(each, device),
              report -> {});
      Map<String, Object> found = new LinkedHashMap<>();
      found.put("first_step", measured.firstStepAt() / MILLIS);
      found.put("steps_per_s", measured.stepsPerSecond());
      found.put("loss", measured.lastLoss());
      print("train", found);
      return ExitCode.OK;
    }
  }

  /** {@code benchmark infer}: what decoding and encoding take, from arrays to arrays. */
  @Command(
      name = "infer",
      description = "Decode 1, 400 and 10,000 z and encode the test images, with fresh weights.")
  static final class Infer implements Callable<Integer> {
    @Mixin private MnistOption mnist;
    @Mixin private CommonOptions.Computing common;

    @Override
    public Integer call() throws IOException {
      Device device = common.startTensorFlow();
      Images test = mnist.files().test();
      print("infer", InferenceBenchmark.run(test, device));
      return ExitCode.OK;
    }
  }

  private static void print(String task, Map<String, ?> figures) throws IOException {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("task", task);
    json.putAll(figures);
    System.out.print(Json.line(json));
  }
}

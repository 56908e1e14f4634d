package vae.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import vae.config.Device;
import vae.config.Seed;
import vae.config.TrainingPlan;
import vae.tools.Replay;

/** {@code replay}: some steps of the tutorial's training, for another program to compare with. */
@Command(
    name = "replay",
    hidden = true,
    description =
        "Take some training steps from a TF1 checkpoint, and write what went in (x.f32,"
            + " epsilon.f32) and what came out (losses.csv, the first step's gradients, the"
            + " checkpoints 'first' and 'model'). scripts/parity.sh compares it with Python.")
final class ReplayCommand implements Callable<Integer> {
  private static final int MOST = 100_000_000;

  @Mixin private MnistOption mnist;
  @Mixin private CommonOptions.WithModels common;

  @Option(
      names = "--from",
      paramLabel = "PREFIX",
      required = true,
      description = "The checkpoint of the tutorial's variables and slots to start from.")
  private Path from;

  @Option(
      names = "--first-step",
      paramLabel = "N",
      defaultValue = "1",
      description = "The first step's number, on which images and noise depend.")
  private int firstStep;

  @Option(names = "--steps", paramLabel = "N", defaultValue = "100", description = "Steps to take.")
  private int steps;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "As train takes it.")
  private long seed;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "The folder to write the files into.")
  private Path out;

  @Override
  public Integer call() throws IOException {
    common.requireBetween("--first-step", firstStep, 1, MOST);
    common.requireBetween("--steps", steps, 1, MOST);
    TrainingPlan tutorial = TrainingPlan.tutorial(new Seed(seed));
    TrainingPlan plan = tutorial.continued(firstStep - 1 + steps, tutorial.logEvery());
    Device device = common.startTensorFlow();
    Replay.run(plan, firstStep, from, mnist.files().train(), device, out);
    return ExitCode.OK;
  }
}

package vae.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import vae.checkpoint.Tf1Checkpoint;
import vae.checkpoint.Tf1Export;
import vae.config.Device;
import vae.config.NetworkShape;
import vae.config.Seed;
import vae.config.Seed.Purpose;
import vae.config.TrainingPlan;
import vae.files.AtomicFile;
import vae.functions.ModelInSession;
import vae.mnist.Images;
import vae.mnist.MiniBatches;
import vae.model.TrainingStep;
import vae.model.VaeGraph;
import vae.runtime.Sessions;
import vae.train.Batches;
import vae.train.Trainer;

/** {@code replay}: some steps of the tutorial's training, for another program to compare with. */
@Command(
    name = "replay",
    hidden = true,
    description =
        "Take some training steps from a TF1 checkpoint, and write what went in (x.f32,"
            + " epsilon.f32) and what came out (losses.csv, the first step's gradients, the"
            + " checkpoints 'first' and 'model'). scripts/parity.sh compares it with Python.")
final class ReplayCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private MnistOption mnist;
  @Mixin private CommonOptions common;

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
    plan(NetworkShape.TUTORIAL.input()); // Wrong options are refused at once.
    Device device = common.startTensorFlow();
    Images images = mnist.files().train();
    TrainingPlan plan = plan(images.pixelsPerImage());
    var x = new RawFloats();
    var epsilon = new RawFloats();
    var losses = new StringJoiner("\n", "", "\n");
    Batches batches = new MiniBatches(images, plan.batchSize(), plan.seed())::copyBatch;
    try (Graph graph = new Graph()) {
      VaeGraph vae = VaeGraph.build(graph, plan);
      try (Session session = new Session(graph, Sessions.config(device));
          Trainer trainer = new Trainer(plan, TrainingStep.tutorial(vae), session, batches)) {
        Tf1Checkpoint.at(from).restore(vae, session);
        for (var gradient : trainer.gradients(firstStep).entrySet()) {
          Path file = out.resolve("gradients").resolve(gradient.getKey() + ".f32");
          AtomicFile.write(file, new RawFloats().add(gradient.getValue()).toBytes());
        }
        trainer.run(
            firstStep,
            report -> {
              losses.add(Float.toString(report.loss()));
              if (report.step() == firstStep) {
                Tf1Export.write(ModelInSession.of(vae, session), out.resolve("first"));
              }
            },
            () -> false);
        Tf1Export.write(ModelInSession.of(vae, session), out.resolve("model"));
      }
    }
    float[] pixels = new float[plan.batchSize() * plan.shape().input()];
    float[] noise = new float[plan.batchSize() * plan.shape().latent()];
    for (int step = firstStep; step <= plan.steps(); step++) {
      batches.copyBatch(step, pixels);
      x.add(pixels);
      plan.seed().fillNormal(Purpose.TRAINING_NOISE, step, noise);
      epsilon.add(noise);
    }
    AtomicFile.write(out.resolve("x.f32"), x.toBytes());
    AtomicFile.write(out.resolve("epsilon.f32"), epsilon.toBytes());
    AtomicFile.write(
        out.resolve("losses.csv"), losses.toString().getBytes(StandardCharsets.US_ASCII));
    return ExitCode.OK;
  }

  private TrainingPlan plan(int input) {
    TrainingPlan tutorial = TrainingPlan.tutorial(new Seed(seed));
    try {
      if (firstStep < 1 || steps < 1) {
        throw new IllegalArgumentException(
            "--first-step and --steps must be at least 1, found %d and %d"
                .formatted(firstStep, steps));
      }
      return new TrainingPlan(
          new NetworkShape(input, tutorial.shape().hidden(), tutorial.shape().latent()),
          tutorial.objective(),
          tutorial.optimizer(),
          tutorial.schedule(),
          tutorial.binarised(),
          Math.addExact(firstStep - 1, steps),
          tutorial.batchSize(),
          tutorial.logEvery(),
          tutorial.seed());
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }
}

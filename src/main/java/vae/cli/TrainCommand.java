package vae.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import vae.config.Computation;
import vae.config.Device;
import vae.config.NetworkShape;
import vae.config.TrainingPlan;
import vae.runtime.Xla;
import vae.storage.ModelStore;
import vae.storage.TrainingRecord;
import vae.train.DivergedException;
import vae.training.CheckpointStore;
import vae.training.Checkpoints;
import vae.training.Training;
import vae.training.TrainingData;

/** {@code train}: the tutorial's training program. */
@Command(
    name = "train",
    description = "Train the VAE and save it as the next number in the model folder.")
final class TrainCommand implements Callable<Integer> {
  /** Each parameter is saved with two slots, in float32. */
  private static final long BYTES_A_PARAMETER = 12;

  private static final long BYTES_OF_GRAPH = 1 << 20;

  /** Beside the models' numbers. */
  private static final String CHECKPOINTS = "checkpoints";

  @Mixin private PlanOptions options;
  @Mixin private DataOptions dataOptions;
  @Mixin private ComputationOptions computationOptions;

  @Option(
      names = "--tensorboard",
      paramLabel = "DIR",
      description =
          "Write TensorBoard events: the loss and its parts, steps/s, and the digits of the"
              + " latent plane.")
  private Optional<Path> tensorBoard;

  @Option(
      names = "--checkpoint-every",
      paramLabel = "N",
      defaultValue = "5000",
      description =
          "Steps between two checkpoints; 0 writes none (default: ${DEFAULT-VALUE}). The"
              + " folder checkpoints beside the models keeps the last five.")
  private int every;

  @Option(
      names = "--resume",
      description = "Continue from the newest checkpoint with its options. --steps may grow.")
  private boolean resume;

  @Mixin private CommonOptions.WithModels common;

  @Override
  public Integer call() throws IOException {
    // What can be refused is refused at once, not after the seconds that the data takes.
    dataOptions.check();
    ModelStore models = common.store();
    models.requireWritable(bytes(options.plan(NetworkShape.TUTORIAL.input())));
    try (Checkpoints checkpoints = checkpoints(models.base().resolve(CHECKPOINTS))) {
      Optional<TrainingRecord> before = checkpoints.before();
      return before.isPresent()
          ? resume(before.get(), checkpoints, models)
          : begin(checkpoints, models);
    }
  }

  /** Takes the folder of checkpoints; says which of them are damaged. */
  private Checkpoints checkpoints(Path folder) throws IOException {
    if (every < 0) {
      throw common.refused("--checkpoint-every must be 0 or more, found " + every);
    }
    if (resume) {
      return Checkpoints.resumed(
          CheckpointStore.open(folder),
          every,
          damaged -> System.err.println("warning: left out: " + damaged.getMessage()));
    }
    return every == 0 ? Checkpoints.none() : Checkpoints.anew(CheckpointStore.open(folder), every);
  }

  private int begin(Checkpoints checkpoints, ModelStore models) throws IOException {
    DataOptions.Reading reading = dataOptions.start();
    Device device = common.startTensorFlow(Optional.empty(), computationOptions.tf32());
    TrainingData data = reading.finish();
    TrainingPlan plan = options.plan(data.pixelsPerImage());
    System.err.printf(
        "training %s on %,d images, seed %d, threads %d%n",
        plan.shape(), data.count(), plan.seed().value(), computationOptions.threads().count());
    return run(plan, computationOptions.on(device), data, checkpoints, models);
  }

  private int resume(TrainingRecord before, Checkpoints checkpoints, ModelStore models)
      throws IOException {
    TrainingPlan plan = options.resumed(before);
    computationOptions.resume(before.computation());
    models.requireWritable(bytes(plan));
    DataOptions.Reading reading = dataOptions.resume(before.images());
    Device device =
        common.startTensorFlow(
            Optional.of(before.computation().oneDnn()), computationOptions.tf32());
    TrainingData data = reading.finish();
    System.err.printf(
        "resuming %s after step %,d of %,d, seed %d, threads %d%n",
        checkpoints.last().orElseThrow(),
        before.step(),
        plan.steps(),
        plan.seed().value(),
        computationOptions.threads().count());
    if (before.step() == plan.steps()) {
      System.err.printf(
          "note: all %,d steps were taken before: the model is only published again%n",
          plan.steps());
    }
    Computation computation = computationOptions.on(device);
    if (!computation.equals(before.computation())) {
      System.err.printf(
          "note: until now it was computed on %s, now on %s; the last bits will differ%n",
          before.computation(), computation);
    }
    return run(plan, computation, data, checkpoints, models);
  }

  private int run(
      TrainingPlan plan,
      Computation computation,
      TrainingData data,
      Checkpoints checkpoints,
      ModelStore models)
      throws IOException {
    if (data.classes().isEmpty()) {
      System.err.println("note: the images have no labels: the model will tell no classes");
    }
    if (computation.device() == Device.GPU) {
      Xla.missing()
          .ifPresent(what -> System.err.println("note: slower without XLA, which lacks " + what));
    }
    var training = new Training(plan, computation, data, tensorBoard, checkpoints, models);
    // The interruption is closed last: until then the JVM does not end.
    try (Interruption interruption = new Interruption()) {
      Training.Outcome outcome;
      try (var output = new TrainOutput(plan.steps(), checkpoints::isDue)) {
        outcome = training.run(output, interruption::requested);
      }
      if (outcome.published().isPresent()) {
        System.err.println("saved " + outcome.published().get());
        return ExitCode.OK;
      }
      System.err.printf("stopped after step %,d%n", outcome.last().step());
      System.err.println(
          "interrupted; "
              + (checkpoints.last().isPresent()
                  ? "train --resume goes on from " + checkpoints.last().get()
                  : training.kept()));
      return ExitCode.INTERRUPTED;
    } catch (DivergedException e) {
      throw e.withRemedy("try --loss logits or a smaller --learning-rate");
    }
  }

  /** What the training may write at most. */
  private long bytes(TrainingPlan plan) {
    int copies = every == 0 ? 1 : 1 + CheckpointStore.MOST;
    return copies * (plan.shape().parameters() * BYTES_A_PARAMETER + BYTES_OF_GRAPH);
  }
}

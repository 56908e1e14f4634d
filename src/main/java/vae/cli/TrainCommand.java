package vae.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import vae.config.Device;
import vae.config.LossFormula;
import vae.config.NetworkShape;
import vae.config.RmsPropSettings;
import vae.config.Seed;
import vae.config.TrainingPlan;
import vae.mnist.Images;
import vae.mnist.MiniBatches;
import vae.mnist.MnistFiles;
import vae.model.Sessions;
import vae.model.VaeGraph;
import vae.storage.ModelStore;
import vae.storage.SavedModelWriter;
import vae.train.NonFiniteLossException;
import vae.train.StepReport;
import vae.train.Trainer;

/** {@code train}: the tutorial's training program. */
@Command(
    name = "train",
    description = "Train the VAE and save it as the next number in the model folder.",
    mixinStandardHelpOptions = true)
final class TrainCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private CommonOptions common;

  @Option(
      names = "--steps",
      paramLabel = "N",
      defaultValue = "30000",
      description = "Updates to make (default: ${DEFAULT-VALUE}).")
  private int steps;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      defaultValue = "64",
      description = "Images in a step (default: ${DEFAULT-VALUE}).")
  private int batchSize;

  @Option(
      names = "--learning-rate",
      paramLabel = "R",
      defaultValue = "0.001",
      description = "RMSProp's step size (default: ${DEFAULT-VALUE}).")
  private float learningRate;

  @Option(
      names = "--hidden",
      paramLabel = "N",
      defaultValue = "512",
      description = "Units in each tanh layer (default: ${DEFAULT-VALUE}).")
  private int hidden;

  @Option(
      names = "--latent",
      paramLabel = "N",
      defaultValue = "2",
      description = "Dimensions of z (default: ${DEFAULT-VALUE}).")
  private int latent;

  @Option(
      names = "--loss",
      paramLabel = "tutorial|logits",
      defaultValue = "tutorial",
      description =
          "tutorial: its literal formula; logits: the same, safe from NaN"
              + " (default: ${DEFAULT-VALUE}).")
  private LossFormula loss;

  @Option(
      names = "--log-every",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Steps between two logged losses (default: ${DEFAULT-VALUE}).")
  private int logEvery;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description =
          "Makes a run repeatable: initial values, noise and the order of the images follow from"
              + " it (default: a new one each time, which is printed).")
  private Optional<Long> seed;

  @Option(
      names = "--mnist",
      paramLabel = "DIR",
      defaultValue = "mnist",
      description = "The folder of the IDX files (default: ${DEFAULT-VALUE}).")
  private Path mnist;

  @Override
  public Integer call() throws IOException {
    Seed runSeed =
        new Seed(seed.orElseGet(() -> Integer.toUnsignedLong(new SecureRandom().nextInt())));
    checkedPlan(NetworkShape.TUTORIAL.input(), runSeed); // Before the seconds that reading takes.
    ModelStore store = common.store();
    store.requireWritable();
    Images images = new MnistFiles(mnist).train();
    TrainingPlan plan = checkedPlan(images.pixelsPerImage(), runSeed);
    Device device = common.startTensorFlow();
    System.err.printf(
        "training %s on %,d images, seed %d%n", plan.shape(), images.count(), runSeed.value());

    // The interruption is closed last: until then the JVM does not end.
    try (Interruption interruption = new Interruption();
        Graph graph = new Graph()) {
      VaeGraph vae = VaeGraph.build(graph, plan);
      var batches = new MiniBatches(images, plan.batchSize(), runSeed);
      try (Session session = new Session(graph, Sessions.config(device));
          Trainer trainer = new Trainer(plan, vae, session, batches)) {
        if (!trained(trainer, plan, interruption)) {
          System.err.println("interrupted; nothing was saved, " + kept(store));
          return ExitCode.INTERRUPTED;
        }
        Path published = store.publish(folder -> SavedModelWriter.write(vae, session, folder));
        System.err.println("saved " + published);
        return ExitCode.OK;
      }
    } catch (NonFiniteLossException e) {
      throw e.withRemedy(
          "nothing was saved, %s; try --loss logits or a smaller --learning-rate"
              .formatted(kept(store)));
    }
  }

  /** Trains, and prints what the tutorial prints; false if it was interrupted. */
  private static boolean trained(Trainer trainer, TrainingPlan plan, Interruption interruption) {
    var progress = new ProgressLine(plan.steps());
    int taken =
        trainer.run(
            report -> {
              if (report.loggedLoss().isPresent()) {
                progress.clear();
                printLoss(report);
              }
              progress.show(report.step(), report.loss());
            },
            interruption::requested);
    progress.clear();
    if (taken < plan.steps()) {
      System.err.printf("stopped after step %,d%n", taken);
      return false;
    }
    System.out.println("optimization finished");
    System.err.println(progress.summary(taken));
    return true;
  }

  private static void printLoss(StepReport report) {
    System.out.printf("step %d ,loss %.4f%n", report.step(), report.loggedLoss().getAsDouble());
    System.out.flush();
  }

  private static String kept(ModelStore store) throws IOException {
    return store
        .newestVersion()
        .map(version -> store.base().resolve(String.valueOf(version)) + " is kept as it was")
        .orElse("as before there is no model in " + store.base());
  }

  private TrainingPlan checkedPlan(int input, Seed runSeed) {
    try {
      return new TrainingPlan(
          new NetworkShape(input, hidden, latent),
          loss,
          RmsPropSettings.withLearningRate(learningRate),
          steps,
          batchSize,
          logEvery,
          runSeed);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }
}

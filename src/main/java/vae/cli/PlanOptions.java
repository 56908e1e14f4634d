package vae.cli;

import java.security.SecureRandom;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import vae.config.LossFormula;
import vae.config.NetworkShape;
import vae.config.RmsPropSettings;
import vae.config.Seed;
import vae.config.TrainingPlan;
import vae.storage.TrainingRecord;

/** The options that make a training plan; their defaults are the tutorial's. */
final class PlanOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

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
              + " it; but several threads read an image list, and with one no run is like another"
              + " to the bit (default: a new one each time, which is printed).")
  private Optional<Long> seed;

  /**
   * The plan that was asked for.
   *
   * @param input the values in an image
   * @throws ParameterException if an option is out of its range
   */
  TrainingPlan plan(int input) {
    if (seed.isEmpty()) {
      seed = Optional.of(Integer.toUnsignedLong(new SecureRandom().nextInt()));
    }
    try {
      return new TrainingPlan(
          new NetworkShape(input, hidden, latent),
          loss,
          RmsPropSettings.withLearningRate(learningRate),
          steps,
          batchSize,
          logEvery,
          new Seed(seed.get()));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), e.getMessage(), e);
    }
  }

  /**
   * The plan of a training that goes on: its own, but for how long it takes and what is logged.
   *
   * @param before how it stands
   * @throws ParameterException if an option is out of its range, or would change what is computed
   */
  TrainingPlan resumed(TrainingRecord before) {
    TrainingPlan plan = before.plan();
    var given = new GivenOptions(command);
    given.requireSame("--batch-size", batchSize, plan.batchSize());
    given.requireSame("--learning-rate", learningRate, plan.optimizer().learningRate());
    given.requireSame("--hidden", hidden, plan.shape().hidden());
    given.requireSame("--latent", latent, plan.shape().latent());
    given.requireSame("--loss", loss, plan.loss());
    given.requireSame("--seed", seed.orElse(0L), plan.seed().value());
    int last = given.has("--steps") ? steps : plan.steps();
    if (last < before.step()) {
      throw given.refused(
          "--steps: expected at least %d, so many have been taken, found %d"
              .formatted(before.step(), last));
    }
    try {
      return plan.continued(last, given.has("--log-every") ? logEvery : plan.logEvery());
    } catch (IllegalArgumentException e) {
      throw given.refused(String.valueOf(e.getMessage()));
    }
  }
}

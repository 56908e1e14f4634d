package vae.cli;

import java.security.SecureRandom;
import java.util.Optional;
import picocli.CommandLine.Option;
import vae.config.AdamSettings;
import vae.config.LossFormula;
import vae.config.NetworkShape;
import vae.config.Objective;
import vae.config.OptimizerSettings;
import vae.config.Preset;
import vae.config.RmsPropSettings;
import vae.config.Schedule;
import vae.config.Seed;
import vae.config.TrainingPlan;
import vae.storage.TrainingRecord;

/** The options that make a training plan; their defaults are a preset's. */
final class PlanOptions extends OptionGroup {
  @Option(
      names = "--preset",
      paramLabel = "tutorial|best",
      defaultValue = "tutorial",
      description =
          "The tutorial's training, or the best known for its graph. Other options override it"
              + " (default: ${DEFAULT-VALUE}).")
  private Preset preset;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Updates to make (default: 30000; best: 112500).")
  private Optional<Integer> steps;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      description = "Images in a step (default: 64; best: 128).")
  private Optional<Integer> batchSize;

  @Option(
      names = "--optimizer",
      paramLabel = "rmsprop|adam",
      description = "The optimizer (default: rmsprop; best: adam).")
  private Optional<Optimizer> optimizer;

  @Option(
      names = "--learning-rate",
      paramLabel = "R",
      description = "The optimizer's step size (default: 0.001; best: 0.003).")
  private Optional<Float> learningRate;

  @Option(
      names = "--schedule",
      paramLabel = "constant|cosine",
      description = "The learning rate's schedule (default: constant; best: cosine).")
  private Optional<Schedule> schedule;

  @Option(
      names = "--binarise",
      negatable = true,
      description =
          "Sample the encoder's input pixels as black or white at each step; the loss"
              + " compares with the image itself (default: no; best: yes).")
  private Optional<Boolean> binarise;

  @Option(
      names = "--hidden",
      paramLabel = "N",
      description = "Units in each tanh layer (default: 512).")
  private Optional<Integer> hidden;

  @Option(names = "--latent", paramLabel = "N", description = "Dimensions of z (default: 2).")
  private Optional<Integer> latent;

  @Option(
      names = "--loss",
      paramLabel = "tutorial|logits|l2",
      description =
          "tutorial: its literal cross-entropy; logits: the same from the logits, which"
              + " can't give NaN; l2: the squared error (default: tutorial; best: logits).")
  private Optional<LossFormula> loss;

  @Option(
      names = "--beta",
      paramLabel = "B",
      description = "The weight of the KL divergence in the loss (default: 1).")
  private Optional<Float> beta;

  @Option(
      names = "--log-every",
      paramLabel = "N",
      description = "Steps between two logged losses (default: 1000).")
  private Optional<Integer> logEvery;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description =
          "The seed of initial values, noise and the order of images. It makes a run"
              + " repeatable, except with an image list, which several threads read (default: a"
              + " new one each time, which is printed).")
  private Optional<Long> seed;

  /** The optimizers, as they are typed. */
  private enum Optimizer {
    RMSPROP,
    ADAM;

    static Optimizer of(OptimizerSettings settings) {
      return settings.map(rmsProp -> RMSPROP, adam -> ADAM);
    }

    OptimizerSettings settings(float learningRate) {
      return switch (this) {
        case RMSPROP -> RmsPropSettings.withLearningRate(learningRate);
        case ADAM -> AdamSettings.withLearningRate(learningRate);
      };
    }
  }

  /**
   * The plan that was asked for.
   *
   * @param input the values in an image
   */
  TrainingPlan plan(int input) {
    if (seed.isEmpty()) {
      seed = Optional.of(Integer.toUnsignedLong(new SecureRandom().nextInt()));
    }
    TrainingPlan usual = preset.plan(new Seed(seed.get()));
    try {
      return new TrainingPlan(
          new NetworkShape(
              input, hidden.orElse(usual.shape().hidden()), latent.orElse(usual.shape().latent())),
          new Objective(
              loss.orElse(usual.objective().formula()), beta.orElse(usual.objective().beta())),
          optimizer
              .orElse(Optimizer.of(usual.optimizer()))
              .settings(learningRate.orElse(usual.optimizer().learningRate())),
          schedule.orElse(usual.schedule()),
          binarise.orElse(usual.binarised()),
          steps.orElse(usual.steps()),
          batchSize.orElse(usual.batchSize()),
          logEvery.orElse(usual.logEvery()),
          usual.seed());
    } catch (IllegalArgumentException e) {
      throw refused(String.valueOf(e.getMessage()));
    }
  }

  /**
   * The plan of a training that goes on: its own, but for how long it takes and what is logged.
   *
   * @param before how it stands
   */
  TrainingPlan resumed(TrainingRecord before) {
    TrainingPlan plan = before.plan();
    // A preset is no more than its options: its name alone would say nothing new.
    requireSame("--batch-size", batchSize, plan.batchSize());
    requireSame("--optimizer", optimizer, Optimizer.of(plan.optimizer()));
    requireSame("--learning-rate", learningRate, plan.optimizer().learningRate());
    requireSame("--schedule", schedule, plan.schedule());
    requireSame("--binarise", binarise, plan.binarised());
    requireSame("--hidden", hidden, plan.shape().hidden());
    requireSame("--latent", latent, plan.shape().latent());
    requireSame("--loss", loss, plan.objective().formula());
    requireSame("--beta", beta, plan.objective().beta());
    requireSame("--seed", seed, plan.seed().value());
    int last = steps.orElse(plan.steps());
    if (plan.schedule() != Schedule.CONSTANT) {
      requireSame("--steps", steps, plan.steps());
    }
    if (last < before.step()) {
      throw refused(
          "--steps: expected at least %d, so many have been taken, found %d"
              .formatted(before.step(), last));
    }
    try {
      return plan.continued(last, logEvery.orElse(plan.logEvery()));
    } catch (IllegalArgumentException e) {
      throw refused(String.valueOf(e.getMessage()));
    }
  }
}

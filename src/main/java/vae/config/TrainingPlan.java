package vae.config;

/**
 * Everything that decides what a training run computes.
 *
 * @param binarised whether each pixel of the encoder's input is drawn, anew at each step, as 1 with
 *     the pixel's value for its probability, else 0; the loss compares with the image as it is
 * @param steps how many updates are made ({@code num_steps})
 * @param batchSize images in a step ({@code batch_size})
 * @param logEvery how often the loss is logged, in steps ({@code disp_step})
 * @param seed where the initial values, the noise and the order of the images come from
 */
public record TrainingPlan(
    NetworkShape shape,
    Objective objective,
    OptimizerSettings optimizer,
    Schedule schedule,
    boolean binarised,
    int steps,
    int batchSize,
    int logEvery,
    Seed seed) {
  private static final int MOST_BATCH = 65_536;
  private static final int MOST_BATCH_VALUES = 1 << 28;

  /** Refuses counts below 1, and a batch too large for an array: IllegalArgumentException. */
  public TrainingPlan {
    requireBetween("number of steps", steps, Integer.MAX_VALUE);
    requireBetween("batch size", batchSize, MOST_BATCH);
    requireBetween("logging interval", logEvery, Integer.MAX_VALUE);
    if ((long) batchSize * shape.widest() > MOST_BATCH_VALUES) {
      throw new IllegalArgumentException(
          "a layer may hold at most %,d values of a batch, found %,d images times %,d"
              .formatted(MOST_BATCH_VALUES, batchSize, shape.widest()));
    }
  }

  /** A plan in the tutorial's way: a constant learning rate, and images as they are. */
  public TrainingPlan(
      NetworkShape shape,
      LossFormula formula,
      RmsPropSettings optimizer,
      int steps,
      int batchSize,
      int logEvery,
      Seed seed) {
    this(
        shape,
        new Objective(formula, 1),
        optimizer,
        Schedule.CONSTANT,
        false,
        steps,
        batchSize,
        logEvery,
        seed);
  }

  /** The tutorial's: 30,000 steps of 64 images, logged at each 1,000th. */
  public static TrainingPlan tutorial(Seed seed) {
    return new TrainingPlan(
        NetworkShape.TUTORIAL,
        LossFormula.TUTORIAL,
        RmsPropSettings.TUTORIAL,
        30_000,
        64,
        1_000,
        seed);
  }

  /** The same with more steps; an ArithmeticException if they are more than an int can hold. */
  public TrainingPlan withMoreSteps(int more) {
    return continued(Math.addExact(steps, more), logEvery);
  }

  /** The same training, up to another step and logged at others; no step that both take differs. */
  public TrainingPlan continued(int lastStep, int loggedEvery) {
    return new TrainingPlan(
        shape, objective, optimizer, schedule, binarised, lastStep, batchSize, loggedEvery, seed);
  }

  /** The learning rate of a step. */
  public float learningRate(int step) {
    return optimizer.learningRate() * schedule.factor(step, steps);
  }

  /** Whether the loss is logged at a step: at the first, and at each {@code logEvery}th. */
  public boolean isLogged(int step) {
    return step == 1 || step % logEvery == 0;
  }

  private static void requireBetween(String what, int value, int most) {
    if (value < 1 || value > most) {
      throw new IllegalArgumentException(
          "the %s must be between 1 and %,d, found %,d".formatted(what, most, value));
    }
  }
}

package vae.config;

/** Trainings that are known by a name. */
public enum Preset {
  /** What the tutorial does: RMSProp at 0.001, 30,000 steps of 64 images. */
  TUTORIAL,
  /**
   * The best that we know for the tutorial's graph; docs/evaluation.md tells how it was found: Adam
   * with a cosine decay, larger batches, 240 passes over MNIST, and images whose pixels are drawn
   * black or white each time they enter the encoder.
   */
  BEST;

  private static final float BEST_LEARNING_RATE = 0.003f;
  private static final int BEST_STEPS = 112_500;
  private static final int BEST_BATCH = 128;

  /** Its plan for MNIST. */
  public TrainingPlan plan(Seed seed) {
    return switch (this) {
      case TUTORIAL -> TrainingPlan.tutorial(seed);
      case BEST ->
          new TrainingPlan(
              NetworkShape.TUTORIAL,
              new Objective(LossFormula.LOGITS, 1),
              AdamSettings.withLearningRate(BEST_LEARNING_RATE),
              Schedule.COSINE,
              true,
              BEST_STEPS,
              BEST_BATCH,
              1_000,
              seed);
    };
  }
}

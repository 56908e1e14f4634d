package vae.train;

import java.util.Optional;

/**
 * What is known after a training step.
 *
 * @param step from 1
 * @param loss the loss of the step's batch before the update, in nats
 * @param logged of the same batch after the update, with fresh noise, at the steps where it is
 *     logged: what the tutorial prints
 */
public record StepReport(int step, float loss, Optional<Logged> logged) {
  /**
   * What is logged.
   *
   * @param loss in nats
   * @param kl the KL divergence, before it is weighed, in nats
   */
  public record Logged(float loss, float kl) {}
}

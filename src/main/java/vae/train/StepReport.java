package vae.train;

import java.util.OptionalDouble;

/**
 * What is known after a training step.
 *
 * @param step from 1
 * @param loss the loss of the step's batch before the update, in nats
 * @param loggedLoss the loss of the same batch after the update, with fresh noise, at the steps
 *     where it is logged: what the tutorial prints
 */
public record StepReport(int step, float loss, OptionalDouble loggedLoss) {}

/**
 * A whole training: it goes on from a checkpoint, trains, logs, saves on the way, and publishes the
 * model. It prints nothing: a {@link vae.training.RunListener} is told.
 */
package vae.training;

/**
 * A whole training: it goes on from a checkpoint, trains, logs, saves on the way, and publishes the
 * model. It prints nothing: a {@link vae.training.RunListener} is told. What docs/library.md does
 * not list is internal.
 */
package vae.training;

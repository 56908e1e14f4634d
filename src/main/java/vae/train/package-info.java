/**
 * The training loop, and the batches that the tutorial's queues give it. It writes nothing: who
 * calls it is told of each step, and saves. What docs/library.md does not list is internal.
 */
package vae.train;

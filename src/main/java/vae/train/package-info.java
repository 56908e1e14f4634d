/** The training loop. It knows no disk: who calls it is told of each step, and saves. */
package vae.train;

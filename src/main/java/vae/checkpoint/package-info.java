/** TF1's checkpoints and meta graphs on disk, read and written. */
package vae.checkpoint;

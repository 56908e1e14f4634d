/** TF1's checkpoints and meta graphs on disk, read and written. Internal: see docs/library.md. */
package vae.checkpoint;

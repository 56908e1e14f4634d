/**
 * TensorFlow as it runs here: its start, devices, sessions and failures. What docs/library.md does
 * not list is internal.
 */
package vae.runtime;

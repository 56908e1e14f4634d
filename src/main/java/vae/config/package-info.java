/**
 * What decides a run: layer sizes, settings, seed. Every record checks itself; no TensorFlow. What
 * docs/library.md does not list is internal.
 */
package vae.config;

/** What decides a run: layer sizes, settings, seed. Every record checks itself; no TensorFlow. */
package vae.config;

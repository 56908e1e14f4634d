/**
 * A model for other programs: in-process ({@link vae.serve.Predictor}), over HTTP as TensorFlow
 * Serving's REST API has it, and as a page to explore. What docs/library.md does not list is
 * internal.
 */
package vae.serve;

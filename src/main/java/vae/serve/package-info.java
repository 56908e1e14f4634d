/**
 * A model for other programs: in-process ({@link vae.serve.Predictor}), over HTTP and gRPC as
 * TensorFlow Serving has them, and as a page to explore. What docs/library.md does not list is
 * internal.
 */
package vae.serve;

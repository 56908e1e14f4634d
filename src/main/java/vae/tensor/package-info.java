/**
 * What goes into a model and comes out of it: {@link vae.tensor.Values}, arrays of any shape in
 * plain Java memory. No TensorFlow. What docs/library.md does not list is internal.
 */
package vae.tensor;

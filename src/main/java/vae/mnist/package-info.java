/**
 * Images and their labels, from IDX files, lists and photos to shuffled batches; no TensorFlow.
 * What docs/library.md does not list is internal.
 */
package vae.mnist;

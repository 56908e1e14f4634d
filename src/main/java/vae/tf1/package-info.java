/**
 * Everything TF1-shaped that TensorFlow-Java lacks: names, collections, listings, the saver,
 * queues. What docs/library.md does not list is internal.
 */
package vae.tf1;

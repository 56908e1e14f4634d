/**
 * Everything TF1-shaped that TensorFlow-Java lacks: names, collections, listings, the saver,
 * queues.
 */
package vae.tf1;

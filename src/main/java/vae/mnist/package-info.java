/** Images and their labels, from IDX files, lists and photos to shuffled batches; no TensorFlow. */
package vae.mnist;

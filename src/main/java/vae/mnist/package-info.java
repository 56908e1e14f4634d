/** From the IDX files to shuffled batches of pixels in [0, 1]; no TensorFlow. */
package vae.mnist;

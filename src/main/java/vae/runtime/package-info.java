/** TensorFlow as it runs here: its start, devices, sessions and failures. */
package vae.runtime;

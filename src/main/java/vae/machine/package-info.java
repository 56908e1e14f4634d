/**
 * The machine that the program runs on, as far as the system tells: no TensorFlow here. Internal:
 * see docs/library.md.
 */
package vae.machine;

/** Meta graphs that others wrote: read, guarded, and cut to what a function needs. */
package vae.metagraph;

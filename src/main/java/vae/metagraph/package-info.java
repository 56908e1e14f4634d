/** Meta graphs that others wrote: what is what in them, and the part that a model needs. */
package vae.metagraph;

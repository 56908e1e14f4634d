/**
 * Meta graphs that others wrote: what is what in them, and the part that a model needs. What
 * docs/library.md does not list is internal.
 */
package vae.metagraph;

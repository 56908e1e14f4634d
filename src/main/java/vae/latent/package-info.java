/**
 * What a z means: how likely it is, and which z gives which digit. What docs/library.md does not
 * list is internal.
 */
package vae.latent;

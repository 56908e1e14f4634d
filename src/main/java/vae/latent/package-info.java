/** What a z means: how likely it is, and which z gives which digit. */
package vae.latent;

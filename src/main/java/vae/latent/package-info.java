/** What a z means: bounds on p(x), and which z gives which digit. */
package vae.latent;

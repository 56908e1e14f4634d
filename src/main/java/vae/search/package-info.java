/** What a stranger's graph holds: the generative model in it, found by structure; a survey. */
package vae.search;

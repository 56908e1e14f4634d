/** What a model computes: its signatures, called with arrays, in one session. */
package vae.functions;

/**
 * What a model computes: its signatures, called with arrays, in one session. What docs/library.md
 * does not list is internal.
 */
package vae.functions;

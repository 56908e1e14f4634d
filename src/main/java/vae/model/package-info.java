/**
 * The graph of the tutorial: one class a function of it, one line an equation. Internal: see
 * docs/library.md.
 */
package vae.model;

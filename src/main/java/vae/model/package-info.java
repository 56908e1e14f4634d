/** The graph of the tutorial: one class a function of it, one line an equation. */
package vae.model;

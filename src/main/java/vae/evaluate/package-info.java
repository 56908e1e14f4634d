/**
 * How good a model is: bounds on p(x), p(x) itself, and what to hold them against. Internal: see
 * docs/library.md.
 */
package vae.evaluate;

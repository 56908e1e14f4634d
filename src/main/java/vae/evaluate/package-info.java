/** How good a model is: bounds on p(x), p(x) itself, and what to hold them against. */
package vae.evaluate;

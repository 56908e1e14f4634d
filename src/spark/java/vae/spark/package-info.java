/**
 * The model on Apache Spark: encode, score and generate by the million. Each executor loads the
 * model once; what a row comes to is a function of the row, the seed and the model alone. Internal:
 * see docs/library.md.
 */
package vae.spark;

/** TF1 models of others, looked into and brought over. */
package vae.imports;

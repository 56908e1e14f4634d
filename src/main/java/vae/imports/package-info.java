/**
 * TF1 models of others, looked into and brought over. What docs/library.md does not list is
 * internal.
 */
package vae.imports;

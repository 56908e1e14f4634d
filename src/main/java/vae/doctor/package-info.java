/**
 * What the program runs on, and whether it can compute there: checks, and what to do. Internal: see
 * docs/library.md.
 */
package vae.doctor;

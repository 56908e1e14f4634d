/**
 * What scripts compare with Python and with other programs: values, training steps, times.
 * Internal: see docs/library.md.
 */
package vae.tools;

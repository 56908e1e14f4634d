/**
 * The commands: the only room that knows options, exit codes and the terminal. Internal: see
 * docs/library.md.
 */
package vae.cli;

/** The commands: the only room that knows options, exit codes and the terminal. */
package vae.cli;

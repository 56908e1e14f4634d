/** What a file is, whatever its name says. */
package vae.files;

/** Files: what one is, whatever its name says; and how one is written whole or not at all. */
package vae.files;

/**
 * Files: what one is, whatever its name says; and how one is written whole or not at all. What
 * docs/library.md does not list is internal.
 */
package vae.files;

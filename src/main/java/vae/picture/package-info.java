/** Images as PNG files and as text. Internal: see docs/library.md. */
package vae.picture;

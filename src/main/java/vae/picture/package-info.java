/** Images as PNG and GIF files and as text. Internal: see docs/library.md. */
package vae.picture;

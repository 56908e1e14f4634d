/** Images as PNG files and as text. */
package vae.picture;

/**
 * Numbered model folders, there whole or not at all, and models loaded from them. What
 * docs/library.md does not list is internal.
 */
package vae.storage;

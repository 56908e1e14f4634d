/** Numbered model folders, there whole or not at all, and models loaded from them. */
package vae.storage;

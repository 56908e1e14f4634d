/** Models on disk, there whole or not at all, and models loaded, which show arrays only. */
package vae.storage;

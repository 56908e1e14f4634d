/** Models on disk, there whole or not at all, and models loaded; owner of all native memory. */
package vae.storage;

/**
 * What a result looks like: as text for people, as JSON, as CSV and as a picture. Internal: see
 * docs/library.md.
 */
package vae.report;

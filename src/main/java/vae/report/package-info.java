/**
 * What a result looks like: as text for people, as JSON, as CSV and as a picture. Numbers have the
 * default locale's form, which {@code Main} sets to the root's. Internal: see docs/library.md.
 */
package vae.report;

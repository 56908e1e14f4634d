/**
 * Meta graphs that others wrote. What docs/library.md does not list is internal.
 *
 * <p>Read as their files tell them: {@code NodeGraph} and what it asks, {@code RestoredVariable}.
 * Guarded: {@code AllowedOps}, {@code GraphGuard}, {@code SoundGraph}. Cut to what a function
 * needs: {@code FunctionGraph}, {@code SignatureGraph}, both by {@code GraphCut}. How batches go
 * through what was cut: {@code RowWise}, {@code FixedRows}.
 */
package vae.metagraph;

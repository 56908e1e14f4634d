/**
 * What a stranger's graph holds. Internal: see docs/library.md.
 *
 * <p>{@code GenerativeGraph} brings a generative model over. {@code Switches} and {@code
 * FixedBranches} set the graph to inference, {@code GenerativeSearch} finds the model, {@code
 * GenerativeFunctions} adds what it lacks. {@code GraphSurvey} looks at any graph.
 */
package vae.search;
